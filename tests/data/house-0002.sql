BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0002');
CREATE TABLE api_token (
	user_id INTEGER NOT NULL, 
	token_hash VARCHAR(64) NOT NULL, 
	cipher VARCHAR(200) NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_api_token PRIMARY KEY (user_id), 
	CONSTRAINT fk_api_token_user_id_user FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE CASCADE, 
	CONSTRAINT uq_api_token_token_hash UNIQUE (token_hash)
);
INSERT INTO "api_token" VALUES(3,'9e3f172a72db1a6a36788f9a7f07a909131b410e21fd37bba85717962247c086','gAAAAABrAjReOtuRwdSZVfR_dwwnMdLQz84V4gcxWwPVVgzTtGkyj0wfhEbAKvXbSIoTsh000hclNuKFvyFU3SUOBeDeiKQlRg==','2026-01-01 12:12:00.000000');
CREATE TABLE audit (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	who VARCHAR(16) NOT NULL, 
	address VARCHAR(64) NOT NULL, 
	action VARCHAR(32) NOT NULL, 
	target VARCHAR(200) NOT NULL, 
	detail TEXT NOT NULL, 
	CONSTRAINT pk_audit PRIMARY KEY (id)
);
INSERT INTO "audit" VALUES(1,'2026-01-01 12:10:00.000000','command line','','make_admin','anna','');
INSERT INTO "audit" VALUES(2,'2026-01-01 12:12:00.000000','command line','','ban','203.0.113.0/24','for good: spam');
CREATE TABLE ban (
	id INTEGER NOT NULL, 
	network VARCHAR(43), 
	user_id INTEGER, 
	reason TEXT NOT NULL, 
	"by" VARCHAR(16) NOT NULL, 
	created_at DATETIME NOT NULL, 
	until DATETIME, 
	CONSTRAINT pk_ban PRIMARY KEY (id), 
	CONSTRAINT fk_ban_user_id_user FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE CASCADE, 
	CONSTRAINT uq_ban_network UNIQUE (network), 
	CONSTRAINT uq_ban_user_id UNIQUE (user_id)
);
INSERT INTO "ban" VALUES(1,'203.0.113.0/24',NULL,'spam','command line','2026-01-01 12:12:00.000000',NULL);
CREATE TABLE block (
	user_id INTEGER NOT NULL, 
	blocked_id INTEGER NOT NULL, 
	since DATETIME NOT NULL, 
	CONSTRAINT pk_block PRIMARY KEY (user_id, blocked_id), 
	CONSTRAINT fk_block_blocked_id_user FOREIGN KEY(blocked_id) REFERENCES user (id) ON DELETE CASCADE, 
	CONSTRAINT fk_block_user_id_user FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE CASCADE
);
INSERT INTO "block" VALUES(4,5,'2026-01-01 12:10:00.000000');
CREATE TABLE broadcast (
	id INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	"by" VARCHAR(16) NOT NULL, 
	at DATETIME NOT NULL, 
	until DATETIME NOT NULL, 
	CONSTRAINT pk_broadcast PRIMARY KEY (id)
);
CREATE TABLE friend (
	user_id INTEGER NOT NULL, 
	friend_id INTEGER NOT NULL, 
	since DATETIME NOT NULL, 
	CONSTRAINT pk_friend PRIMARY KEY (user_id, friend_id), 
	CONSTRAINT fk_friend_friend_id_user FOREIGN KEY(friend_id) REFERENCES user (id) ON DELETE CASCADE, 
	CONSTRAINT fk_friend_user_id_user FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE CASCADE
);
INSERT INTO "friend" VALUES(1,2,'2026-01-01 12:10:00.000000');
CREATE TABLE joined (
	user_id INTEGER NOT NULL, 
	game_id VARCHAR(32) NOT NULL, 
	spectating BOOLEAN NOT NULL, 
	CONSTRAINT pk_joined PRIMARY KEY (user_id), 
	CONSTRAINT fk_joined_user_id_user FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE CASCADE
);
CREATE TABLE "match" (
	id VARCHAR(32) NOT NULL, 
	game VARCHAR(16) NOT NULL, 
	variant VARCHAR(32) NOT NULL, 
	rules_version INTEGER NOT NULL, 
	options TEXT NOT NULL, 
	seed BLOB NOT NULL, 
	rated BOOLEAN NOT NULL, 
	version INTEGER NOT NULL, 
	revision INTEGER NOT NULL, 
	state TEXT NOT NULL, 
	created_at DATETIME NOT NULL, 
	moved_at DATETIME NOT NULL, 
	over BOOLEAN NOT NULL, 
	ended_at DATETIME, 
	previous_id VARCHAR(32), deadline DATETIME DEFAULT '1970-01-01 00:00:00' NOT NULL, per_move INTEGER, base INTEGER, increment INTEGER, "left" TEXT, code VARCHAR(32), 
	CONSTRAINT pk_match PRIMARY KEY (id), 
	CONSTRAINT fk_match_previous_id_match FOREIGN KEY(previous_id) REFERENCES "match" (id), 
	CONSTRAINT uq_match_previous_id UNIQUE (previous_id)
);
INSERT INTO "match" VALUES('800642e38f24910bb87554764ca5146b','uttt','standard',1,'{"variant": "standard"}',X'D267DAF7593D90234BF0FFEA0D146176459A11ADCC687E2F1DA1EB504DF0B66D',1,17,0,'{"variant":"standard","marks":[[73,448,7,0,0,0,0,0,0],[6,2,0,4,0,0,5,1,1]],"to_move":1,"last":[1,7],"outcome":{"reason":"line","winners":[0]}}','2026-01-01 12:00:00.000000','2026-01-01 12:00:00.000000',1,'2026-01-01 12:00:00.000000',NULL,'2026-01-08 12:00:00.000000',604800,NULL,NULL,NULL,NULL);
INSERT INTO "match" VALUES('ee514fa759f928b3e7f6b939d25ab61f','uttt','standard',1,'{"variant": "standard"}',X'A5340C61313E337184E466195D798BC70192FA6043E3FA0F9622E880D9B8A697',0,1,0,'{"variant":"standard","marks":[[0,0,0,0,0,0,0,0,0],[0,0,0,0,0,0,0,0,0]],"to_move":0,"last":null,"outcome":{"reason":"abort","winners":[]}}','2026-01-01 12:05:00.000000','2026-01-01 12:05:00.000000',1,'2026-01-01 12:05:00.000000',NULL,'2026-01-08 12:05:00.000000',604800,NULL,NULL,NULL,NULL);
INSERT INTO "match" VALUES('babb3cb53735d714d7b8db164db76b9a','uttt','standard',1,'{"variant": "standard"}',X'685B4C2E0464F0A5C4D0ECF9FAEE28C506B5C4139CF2E5517D88692470719598',1,2,0,'{"variant":"standard","marks":[[0,0,2,0,0,0,0,0,0],[0,2,0,0,0,0,0,0,0]],"to_move":0,"last":[1,1],"outcome":null}','2026-01-01 12:10:00.000000','2026-01-01 12:10:00.000000',0,NULL,NULL,'2026-01-08 12:10:00.000000',604800,NULL,NULL,NULL,NULL);
CREATE TABLE message (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	room VARCHAR(48) NOT NULL, 
	user_id INTEGER, 
	name VARCHAR(16) NOT NULL, 
	text TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	hidden BOOLEAN NOT NULL, 
	CONSTRAINT fk_message_user_id_user FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE SET NULL
);
INSERT INTO "message" VALUES(1,'lobby',1,'anna','Good evening, everybody!','2026-01-01 12:10:00.000000',0);
INSERT INTO "message" VALUES(2,'dm:1:2',2,'bert','Another match?','2026-01-01 12:11:00.000000',0);
CREATE TABLE move (
	match_id VARCHAR(32) NOT NULL, 
	number INTEGER NOT NULL, 
	seat INTEGER, 
	move TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_move PRIMARY KEY (match_id, number), 
	CONSTRAINT fk_move_match_id_match FOREIGN KEY(match_id) REFERENCES "match" (id) ON DELETE CASCADE
);
INSERT INTO "move" VALUES('800642e38f24910bb87554764ca5146b',1,0,'{"sub_x":2,"sub_y":0,"x":1,"y":0}','2026-01-01 12:00:00.000000');
INSERT INTO "move" VALUES('800642e38f24910bb87554764ca5146b',2,1,'{"sub_x":1,"sub_y":0,"x":1,"y":0}','2026-01-01 12:00:00.000000');
INSERT INTO "move" VALUES('800642e38f24910bb87554764ca5146b',3,0,'{"sub_x":1,"sub_y":0,"x":0,"y":2}','2026-01-01 12:00:00.000000');
INSERT INTO "move" VALUES('800642e38f24910bb87554764ca5146b',4,1,'{"sub_x":0,"sub_y":2,"x":2,"y":0}','2026-01-01 12:00:00.000000');
INSERT INTO "move" VALUES('800642e38f24910bb87554764ca5146b',5,0,'{"sub_x":2,"sub_y":0,"x":0,"y":0}','2026-01-01 12:00:00.000000');
INSERT INTO "move" VALUES('800642e38f24910bb87554764ca5146b',6,1,'{"sub_x":0,"sub_y":0,"x":1,"y":0}','2026-01-01 12:00:00.000000');
INSERT INTO "move" VALUES('800642e38f24910bb87554764ca5146b',7,0,'{"sub_x":1,"sub_y":0,"x":2,"y":2}','2026-01-01 12:00:00.000000');
INSERT INTO "move" VALUES('800642e38f24910bb87554764ca5146b',8,1,'{"sub_x":2,"sub_y":2,"x":0,"y":0}','2026-01-01 12:00:00.000000');
INSERT INTO "move" VALUES('800642e38f24910bb87554764ca5146b',9,0,'{"sub_x":0,"sub_y":0,"x":0,"y":0}','2026-01-01 12:00:00.000000');
INSERT INTO "move" VALUES('800642e38f24910bb87554764ca5146b',10,1,'{"sub_x":0,"sub_y":0,"x":2,"y":0}','2026-01-01 12:00:00.000000');
INSERT INTO "move" VALUES('800642e38f24910bb87554764ca5146b',11,0,'{"sub_x":2,"sub_y":0,"x":2,"y":0}','2026-01-01 12:00:00.000000');
INSERT INTO "move" VALUES('800642e38f24910bb87554764ca5146b',12,1,'{"sub_x":1,"sub_y":2,"x":0,"y":0}','2026-01-01 12:00:00.000000');
INSERT INTO "move" VALUES('800642e38f24910bb87554764ca5146b',13,0,'{"sub_x":0,"sub_y":0,"x":0,"y":2}','2026-01-01 12:00:00.000000');
INSERT INTO "move" VALUES('800642e38f24910bb87554764ca5146b',14,1,'{"sub_x":0,"sub_y":2,"x":0,"y":0}','2026-01-01 12:00:00.000000');
INSERT INTO "move" VALUES('800642e38f24910bb87554764ca5146b',15,0,'{"sub_x":0,"sub_y":0,"x":0,"y":1}','2026-01-01 12:00:00.000000');
INSERT INTO "move" VALUES('800642e38f24910bb87554764ca5146b',16,1,'{"sub_x":0,"sub_y":1,"x":2,"y":0}','2026-01-01 12:00:00.000000');
INSERT INTO "move" VALUES('800642e38f24910bb87554764ca5146b',17,0,'{"sub_x":1,"sub_y":0,"x":1,"y":2}','2026-01-01 12:00:00.000000');
INSERT INTO "move" VALUES('ee514fa759f928b3e7f6b939d25ab61f',1,NULL,'{"system":"abort","seat":0}','2026-01-01 12:05:00.000000');
INSERT INTO "move" VALUES('babb3cb53735d714d7b8db164db76b9a',1,0,'{"sub_x":2,"sub_y":0,"x":1,"y":0}','2026-01-01 12:10:00.000000');
INSERT INTO "move" VALUES('babb3cb53735d714d7b8db164db76b9a',2,1,'{"sub_x":1,"sub_y":0,"x":1,"y":0}','2026-01-01 12:10:00.000000');
CREATE TABLE open_table (
	id VARCHAR(32) NOT NULL, 
	owner_id INTEGER NOT NULL, 
	invitee_id INTEGER, 
	game VARCHAR(16) NOT NULL, 
	variant VARCHAR(32) NOT NULL, 
	rated BOOLEAN NOT NULL, 
	code VARCHAR(32), 
	per_move INTEGER, 
	base INTEGER, 
	increment INTEGER, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_open_table PRIMARY KEY (id), 
	CONSTRAINT fk_open_table_invitee_id_user FOREIGN KEY(invitee_id) REFERENCES user (id) ON DELETE CASCADE, 
	CONSTRAINT fk_open_table_owner_id_user FOREIGN KEY(owner_id) REFERENCES user (id) ON DELETE CASCADE
);
INSERT INTO "open_table" VALUES('c340b9116f06980ff97168f688c96640',4,NULL,'uttt','standard',1,NULL,604800,NULL,NULL,'2026-01-01 12:12:00.000000');
INSERT INTO "open_table" VALUES('f9b333bb24ea5f1b5e0ea45d52993e83',1,4,'uttt','standard',1,NULL,604800,NULL,NULL,'2026-01-01 12:12:00.000000');
CREATE TABLE presence (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	worker_id VARCHAR(32) NOT NULL, 
	user_id INTEGER NOT NULL, 
	session_id INTEGER NOT NULL, 
	transport VARCHAR(16) NOT NULL, 
	since DATETIME NOT NULL, address VARCHAR(64) DEFAULT '' NOT NULL, 
	CONSTRAINT fk_presence_user_id_user FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE CASCADE, 
	CONSTRAINT fk_presence_worker_id_worker FOREIGN KEY(worker_id) REFERENCES worker (id) ON DELETE CASCADE
);
CREATE TABLE rating (
	user_id INTEGER NOT NULL, 
	game VARCHAR(16) NOT NULL, 
	value INTEGER NOT NULL, 
	won INTEGER NOT NULL, 
	drawn INTEGER NOT NULL, 
	lost INTEGER NOT NULL, 
	CONSTRAINT pk_rating PRIMARY KEY (user_id, game), 
	CONSTRAINT fk_rating_user_id_user FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE CASCADE
);
INSERT INTO "rating" VALUES(1,'uttt',1010,1,0,0);
INSERT INTO "rating" VALUES(2,'uttt',990,0,0,1);
INSERT INTO "rating" VALUES(3,'uttt',1000,0,0,0);
INSERT INTO "rating" VALUES(4,'uttt',1000,0,0,0);
CREATE TABLE rating_change (
	id INTEGER NOT NULL, 
	match_id VARCHAR(32) NOT NULL, 
	user_id INTEGER NOT NULL, 
	game VARCHAR(16) NOT NULL, 
	"before" INTEGER NOT NULL, 
	"after" INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_rating_change PRIMARY KEY (id), 
	CONSTRAINT fk_rating_change_match_id_match FOREIGN KEY(match_id) REFERENCES "match" (id), 
	CONSTRAINT fk_rating_change_user_id_user FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE CASCADE, 
	CONSTRAINT uq_rating_change_match_user UNIQUE (match_id, user_id)
);
INSERT INTO "rating_change" VALUES(1,'800642e38f24910bb87554764ca5146b',1,'uttt',1000,1010,'2026-01-01 12:00:00.000000');
INSERT INTO "rating_change" VALUES(2,'800642e38f24910bb87554764ca5146b',2,'uttt',1000,990,'2026-01-01 12:00:00.000000');
CREATE TABLE read_mark (
	user_id INTEGER NOT NULL, 
	room VARCHAR(48) NOT NULL, 
	message_id INTEGER NOT NULL, 
	CONSTRAINT pk_read_mark PRIMARY KEY (user_id, room), 
	CONSTRAINT fk_read_mark_user_id_user FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE CASCADE
);
INSERT INTO "read_mark" VALUES(1,'lobby',1);
INSERT INTO "read_mark" VALUES(2,'dm:1:2',2);
INSERT INTO "read_mark" VALUES(1,'dm:1:2',1);
CREATE TABLE report (
	id INTEGER NOT NULL, 
	message_id INTEGER NOT NULL, 
	reporter_id INTEGER, 
	reason TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	closed_at DATETIME, 
	closed_by VARCHAR(16), 
	CONSTRAINT pk_report PRIMARY KEY (id), 
	CONSTRAINT fk_report_message_id_message FOREIGN KEY(message_id) REFERENCES message (id) ON DELETE CASCADE, 
	CONSTRAINT fk_report_reporter_id_user FOREIGN KEY(reporter_id) REFERENCES user (id) ON DELETE SET NULL
);
INSERT INTO "report" VALUES(1,1,2,'too loud','2026-01-01 12:12:00.000000',NULL,NULL);
CREATE TABLE seat (
	match_id VARCHAR(32) NOT NULL, 
	seat INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	open BOOLEAN NOT NULL, 
	told BOOLEAN NOT NULL, 
	CONSTRAINT pk_seat PRIMARY KEY (match_id, seat), 
	CONSTRAINT fk_seat_match_id_match FOREIGN KEY(match_id) REFERENCES "match" (id) ON DELETE CASCADE, 
	CONSTRAINT fk_seat_user_id_user FOREIGN KEY(user_id) REFERENCES user (id)
);
INSERT INTO "seat" VALUES('800642e38f24910bb87554764ca5146b',0,1,0,0);
INSERT INTO "seat" VALUES('800642e38f24910bb87554764ca5146b',1,2,0,0);
INSERT INTO "seat" VALUES('ee514fa759f928b3e7f6b939d25ab61f',0,3,0,0);
INSERT INTO "seat" VALUES('ee514fa759f928b3e7f6b939d25ab61f',1,5,0,0);
INSERT INTO "seat" VALUES('babb3cb53735d714d7b8db164db76b9a',0,2,1,0);
INSERT INTO "seat" VALUES('babb3cb53735d714d7b8db164db76b9a',1,3,1,0);
CREATE TABLE seek (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	user_id INTEGER NOT NULL, 
	game VARCHAR(16) NOT NULL, 
	since DATETIME NOT NULL, 
	CONSTRAINT fk_seek_user_id_user FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE CASCADE, 
	CONSTRAINT uq_seek_user_id UNIQUE (user_id)
);
CREATE TABLE session (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	token_hash VARCHAR(64) NOT NULL, 
	user_id INTEGER NOT NULL, 
	label VARCHAR(200) NOT NULL, 
	address VARCHAR(64) NOT NULL, 
	created_at DATETIME NOT NULL, 
	used_at DATETIME NOT NULL, 
	CONSTRAINT fk_session_user_id_user FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE CASCADE, 
	CONSTRAINT uq_session_token_hash UNIQUE (token_hash)
);
INSERT INTO "session" VALUES(1,'f291a434522e9d4456effd6855d39863fcdc48afcd806715c5443eb3ce4bc444',1,'test','192.0.2.1','2026-01-01 12:00:00.000000','2026-01-01 12:00:00.000000');
INSERT INTO "session" VALUES(2,'f950d98beb46245a266b505cba57b660bda8a6a62cf63baf69dd77470897faed',2,'test','192.0.2.1','2026-01-01 12:00:00.000000','2026-01-01 12:00:00.000000');
INSERT INTO "session" VALUES(3,'98471276262c7288be2f5c7dc0b11214d12152bab3e670bce691fce361ea2312',3,'test','192.0.2.1','2026-01-01 12:00:00.000000','2026-01-01 12:00:00.000000');
INSERT INTO "session" VALUES(4,'908e0735abca2b92eebec96de8f891045dd5e177ec3f185861c712e1420c523e',4,'test','192.0.2.1','2026-01-01 12:00:00.000000','2026-01-01 12:00:00.000000');
INSERT INTO "session" VALUES(5,'de7074bc2c56888432e7c9168c4d655f4bb95b4dac847789273df524ae9926f1',5,'test','192.0.2.1','2026-01-01 12:00:00.000000','2026-01-01 12:00:00.000000');
CREATE TABLE user (
	id INTEGER NOT NULL, 
	name VARCHAR(16) NOT NULL, 
	registered BOOLEAN NOT NULL, 
	active BOOLEAN NOT NULL, 
	password_hash VARCHAR(200), 
	created_at DATETIME NOT NULL, 
	seen_at DATETIME NOT NULL, admin BOOLEAN DEFAULT 0 NOT NULL, 
	CONSTRAINT pk_user PRIMARY KEY (id)
);
INSERT INTO "user" VALUES(1,'anna',1,1,'$argon2id$v=19$m=19456,t=2,p=1$FvP/cCJ+iBg+M4WGMWM2xg$TqyapnUlBPES9XhbC2GdCiOCPnt05fOCo2QO5qM/U58','2026-01-01 12:00:00.000000','2026-01-01 12:00:00.000000',1);
INSERT INTO "user" VALUES(2,'bert',1,1,'$argon2id$v=19$m=19456,t=2,p=1$iPXr1J2L3Yc2EVfsaDpuQg$gb4lPg6+w1OKTc42cD+B0ExNjNrLodNgqHpu+IJnOHQ','2026-01-01 12:00:00.000000','2026-01-01 12:00:00.000000',0);
INSERT INTO "user" VALUES(3,'carl',1,1,'$argon2id$v=19$m=19456,t=2,p=1$Jl8PkVJflCmVLNXvztiGCg$twYU3Koi3A2rhPGOlni0z1NKwr4hlQKdMDxZ0b8RJCc','2026-01-01 12:00:00.000000','2026-01-01 12:00:00.000000',0);
INSERT INTO "user" VALUES(4,'dora',1,1,'$argon2id$v=19$m=19456,t=2,p=1$u2BayiTa5JO7dB6bIWOt+Q$F6qKAulyUQRxsDIM6EJwZGGNKUmb2BcoZW7LiSgb92Q','2026-01-01 12:00:00.000000','2026-01-01 12:00:00.000000',0);
INSERT INTO "user" VALUES(5,'gina',0,1,NULL,'2026-01-01 12:00:00.000000','2026-01-01 12:00:00.000000',0);
CREATE TABLE watcher (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	worker_id VARCHAR(32) NOT NULL, 
	match_id VARCHAR(32) NOT NULL, 
	user_id INTEGER, 
	CONSTRAINT fk_watcher_match_id_match FOREIGN KEY(match_id) REFERENCES "match" (id) ON DELETE CASCADE, 
	CONSTRAINT fk_watcher_user_id_user FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE CASCADE, 
	CONSTRAINT fk_watcher_worker_id_worker FOREIGN KEY(worker_id) REFERENCES worker (id) ON DELETE CASCADE
);
CREATE TABLE worker (
	id VARCHAR(32) NOT NULL, 
	address VARCHAR(100) NOT NULL, 
	beat_at DATETIME NOT NULL, 
	CONSTRAINT pk_worker PRIMARY KEY (id)
);
INSERT INTO "worker" VALUES('ce98ebabd6985efd','vm 127.0.0.1:5000','2026-01-01 12:00:00.000000');
CREATE INDEX ix_match_open ON "match" (moved_at) WHERE over = 0;
CREATE INDEX ix_user_guest ON user (id) WHERE registered = 0 AND active = 1;
CREATE INDEX ix_user_seen ON user (registered, seen_at);
CREATE UNIQUE INDEX uq_user_live_name ON user (name) WHERE active = 1;
CREATE INDEX ix_block_blocked_id ON block (blocked_id);
CREATE INDEX ix_friend_friend_id ON friend (friend_id);
CREATE INDEX ix_presence_user_id ON presence (user_id);
CREATE INDEX ix_presence_worker_id ON presence (worker_id);
CREATE INDEX ix_rating_order ON rating (game, value DESC, user_id);
CREATE INDEX ix_rating_change_history ON rating_change (user_id, game, id);
CREATE INDEX ix_seat_open ON seat (user_id) WHERE open = 1;
CREATE INDEX ix_seat_untold ON seat (user_id) WHERE open = 0 AND told = 0;
CREATE INDEX ix_seat_user ON seat (user_id, match_id);
CREATE INDEX ix_seek_game ON seek (game);
CREATE INDEX ix_session_used_at ON session (used_at);
CREATE INDEX ix_session_user_id ON session (user_id);
CREATE INDEX ix_audit_at ON audit (at);
CREATE INDEX ix_broadcast_until ON broadcast (until);
CREATE INDEX ix_joined_game_id ON joined (game_id);
CREATE INDEX ix_message_at ON message (at);
CREATE INDEX ix_message_room ON message (room, id);
CREATE INDEX ix_message_user_id ON message (user_id);
CREATE INDEX ix_open_table_created_at ON open_table (created_at);
CREATE INDEX ix_open_table_invitee_id ON open_table (invitee_id);
CREATE UNIQUE INDEX uq_open_table_challenge ON open_table (owner_id, invitee_id);
CREATE UNIQUE INDEX uq_open_table_owner ON open_table (owner_id) WHERE invitee_id IS NULL;
CREATE INDEX ix_read_mark_room ON read_mark (room);
CREATE INDEX ix_watcher_match_id ON watcher (match_id);
CREATE INDEX ix_watcher_user_id ON watcher (user_id);
CREATE INDEX ix_watcher_worker_id ON watcher (worker_id);
CREATE INDEX ix_report_closed_at ON report (closed_at);
CREATE INDEX ix_report_reporter_id ON report (reporter_id);
CREATE UNIQUE INDEX uq_report_message ON report (message_id, reporter_id);
CREATE INDEX ix_match_due ON "match" (deadline) WHERE over = 0;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('session',5);
INSERT INTO "sqlite_sequence" VALUES('message',2);
COMMIT;
