BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE block (
	user_id INTEGER NOT NULL, 
	blocked_id INTEGER NOT NULL, 
	since DATETIME NOT NULL, 
	CONSTRAINT pk_block PRIMARY KEY (user_id, blocked_id), 
	CONSTRAINT fk_block_blocked_id_user FOREIGN KEY(blocked_id) REFERENCES user (id) ON DELETE CASCADE, 
	CONSTRAINT fk_block_user_id_user FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE CASCADE
);
INSERT INTO "block" VALUES(4,5,'2026-01-01 12:10:00.000000');
CREATE TABLE friend (
	user_id INTEGER NOT NULL, 
	friend_id INTEGER NOT NULL, 
	since DATETIME NOT NULL, 
	CONSTRAINT pk_friend PRIMARY KEY (user_id, friend_id), 
	CONSTRAINT fk_friend_friend_id_user FOREIGN KEY(friend_id) REFERENCES user (id) ON DELETE CASCADE, 
	CONSTRAINT fk_friend_user_id_user FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE CASCADE
);
INSERT INTO "friend" VALUES(1,2,'2026-01-01 12:10:00.000000');
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
	previous_id VARCHAR(32), 
	CONSTRAINT pk_match PRIMARY KEY (id), 
	CONSTRAINT fk_match_previous_id_match FOREIGN KEY(previous_id) REFERENCES "match" (id), 
	CONSTRAINT uq_match_previous_id UNIQUE (previous_id)
);
INSERT INTO "match" VALUES('03d5e275bb1a1b09da8a60e594bef871','uttt','standard',1,'{"variant": "standard"}',X'682B7F0D1E3E2AB10C7F8FF2680F5389A3F93D36679AE4A8A3F8C7C259B99EA4',1,17,0,'{"variant":"standard","marks":[[73,448,7,0,0,0,0,0,0],[6,2,0,4,0,0,5,1,1]],"to_move":1,"last":[1,7],"outcome":{"reason":"line","winners":[0]}}','2026-01-01 12:00:00.000000','2026-01-01 12:00:00.000000',1,'2026-01-01 12:00:00.000000',NULL);
INSERT INTO "match" VALUES('b3b3dcc7b72f554a8fc2bec6431d25fe','uttt','standard',1,'{"variant": "standard"}',X'E3F3E9AECA06FCF56763FCA24B4A92824CA3109EBEAE150BE8B3CF66319C3C10',0,1,0,'{"variant":"standard","marks":[[0,0,0,0,0,0,0,0,0],[0,0,0,0,0,0,0,0,0]],"to_move":0,"last":null,"outcome":{"reason":"abort","winners":[]}}','2026-01-01 12:05:00.000000','2026-01-01 12:05:00.000000',1,'2026-01-01 12:05:00.000000',NULL);
INSERT INTO "match" VALUES('93365878eeaf868596cb5d20605abdcb','uttt','standard',1,'{"variant": "standard"}',X'D698A4F7365070CB2BDE96E5AAD26F0A7ABF0BE2DC45D022FF01D1AFA94AA2D0',1,2,0,'{"variant":"standard","marks":[[0,0,2,0,0,0,0,0,0],[0,2,0,0,0,0,0,0,0]],"to_move":0,"last":[1,1],"outcome":null}','2026-01-01 12:10:00.000000','2026-01-01 12:10:00.000000',0,NULL,NULL);
CREATE TABLE move (
	match_id VARCHAR(32) NOT NULL, 
	number INTEGER NOT NULL, 
	seat INTEGER, 
	move TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_move PRIMARY KEY (match_id, number), 
	CONSTRAINT fk_move_match_id_match FOREIGN KEY(match_id) REFERENCES "match" (id) ON DELETE CASCADE
);
INSERT INTO "move" VALUES('03d5e275bb1a1b09da8a60e594bef871',1,0,'{"sub_x":2,"sub_y":0,"x":1,"y":0}','2026-01-01 12:00:00.000000');
INSERT INTO "move" VALUES('03d5e275bb1a1b09da8a60e594bef871',2,1,'{"sub_x":1,"sub_y":0,"x":1,"y":0}','2026-01-01 12:00:00.000000');
INSERT INTO "move" VALUES('03d5e275bb1a1b09da8a60e594bef871',3,0,'{"sub_x":1,"sub_y":0,"x":0,"y":2}','2026-01-01 12:00:00.000000');
INSERT INTO "move" VALUES('03d5e275bb1a1b09da8a60e594bef871',4,1,'{"sub_x":0,"sub_y":2,"x":2,"y":0}','2026-01-01 12:00:00.000000');
INSERT INTO "move" VALUES('03d5e275bb1a1b09da8a60e594bef871',5,0,'{"sub_x":2,"sub_y":0,"x":0,"y":0}','2026-01-01 12:00:00.000000');
INSERT INTO "move" VALUES('03d5e275bb1a1b09da8a60e594bef871',6,1,'{"sub_x":0,"sub_y":0,"x":1,"y":0}','2026-01-01 12:00:00.000000');
INSERT INTO "move" VALUES('03d5e275bb1a1b09da8a60e594bef871',7,0,'{"sub_x":1,"sub_y":0,"x":2,"y":2}','2026-01-01 12:00:00.000000');
INSERT INTO "move" VALUES('03d5e275bb1a1b09da8a60e594bef871',8,1,'{"sub_x":2,"sub_y":2,"x":0,"y":0}','2026-01-01 12:00:00.000000');
INSERT INTO "move" VALUES('03d5e275bb1a1b09da8a60e594bef871',9,0,'{"sub_x":0,"sub_y":0,"x":0,"y":0}','2026-01-01 12:00:00.000000');
INSERT INTO "move" VALUES('03d5e275bb1a1b09da8a60e594bef871',10,1,'{"sub_x":0,"sub_y":0,"x":2,"y":0}','2026-01-01 12:00:00.000000');
INSERT INTO "move" VALUES('03d5e275bb1a1b09da8a60e594bef871',11,0,'{"sub_x":2,"sub_y":0,"x":2,"y":0}','2026-01-01 12:00:00.000000');
INSERT INTO "move" VALUES('03d5e275bb1a1b09da8a60e594bef871',12,1,'{"sub_x":1,"sub_y":2,"x":0,"y":0}','2026-01-01 12:00:00.000000');
INSERT INTO "move" VALUES('03d5e275bb1a1b09da8a60e594bef871',13,0,'{"sub_x":0,"sub_y":0,"x":0,"y":2}','2026-01-01 12:00:00.000000');
INSERT INTO "move" VALUES('03d5e275bb1a1b09da8a60e594bef871',14,1,'{"sub_x":0,"sub_y":2,"x":0,"y":0}','2026-01-01 12:00:00.000000');
INSERT INTO "move" VALUES('03d5e275bb1a1b09da8a60e594bef871',15,0,'{"sub_x":0,"sub_y":0,"x":0,"y":1}','2026-01-01 12:00:00.000000');
INSERT INTO "move" VALUES('03d5e275bb1a1b09da8a60e594bef871',16,1,'{"sub_x":0,"sub_y":1,"x":2,"y":0}','2026-01-01 12:00:00.000000');
INSERT INTO "move" VALUES('03d5e275bb1a1b09da8a60e594bef871',17,0,'{"sub_x":1,"sub_y":0,"x":1,"y":2}','2026-01-01 12:00:00.000000');
INSERT INTO "move" VALUES('b3b3dcc7b72f554a8fc2bec6431d25fe',1,NULL,'{"system":"abort","seat":0}','2026-01-01 12:05:00.000000');
INSERT INTO "move" VALUES('93365878eeaf868596cb5d20605abdcb',1,0,'{"sub_x":2,"sub_y":0,"x":1,"y":0}','2026-01-01 12:10:00.000000');
INSERT INTO "move" VALUES('93365878eeaf868596cb5d20605abdcb',2,1,'{"sub_x":1,"sub_y":0,"x":1,"y":0}','2026-01-01 12:10:00.000000');
CREATE TABLE presence (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	worker_id VARCHAR(32) NOT NULL, 
	user_id INTEGER NOT NULL, 
	session_id INTEGER NOT NULL, 
	transport VARCHAR(16) NOT NULL, 
	since DATETIME NOT NULL, 
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
INSERT INTO "rating_change" VALUES(1,'03d5e275bb1a1b09da8a60e594bef871',1,'uttt',1000,1010,'2026-01-01 12:00:00.000000');
INSERT INTO "rating_change" VALUES(2,'03d5e275bb1a1b09da8a60e594bef871',2,'uttt',1000,990,'2026-01-01 12:00:00.000000');
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
INSERT INTO "seat" VALUES('03d5e275bb1a1b09da8a60e594bef871',0,1,0,0);
INSERT INTO "seat" VALUES('03d5e275bb1a1b09da8a60e594bef871',1,2,0,0);
INSERT INTO "seat" VALUES('b3b3dcc7b72f554a8fc2bec6431d25fe',0,3,0,0);
INSERT INTO "seat" VALUES('b3b3dcc7b72f554a8fc2bec6431d25fe',1,5,0,0);
INSERT INTO "seat" VALUES('93365878eeaf868596cb5d20605abdcb',0,2,1,0);
INSERT INTO "seat" VALUES('93365878eeaf868596cb5d20605abdcb',1,3,1,0);
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
INSERT INTO "session" VALUES(1,'0901574386d701e77baf748f968a7e512a7555b255f4383179a249347042399e',1,'test','192.0.2.1','2026-01-01 12:00:00.000000','2026-01-01 12:00:00.000000');
INSERT INTO "session" VALUES(2,'2c73fdf2cec6c006c2b8b6bab68a445e16fee64456e9d23d2f444a7b1cbfa957',2,'test','192.0.2.1','2026-01-01 12:00:00.000000','2026-01-01 12:00:00.000000');
INSERT INTO "session" VALUES(3,'da06bf4bfd1c85d89c84e4e4ffc74bc8ba8a691ca50d870edf428d61ee752ae7',3,'test','192.0.2.1','2026-01-01 12:00:00.000000','2026-01-01 12:00:00.000000');
INSERT INTO "session" VALUES(4,'527531720d8b6045eaa5a90e910093fd631ef5ffa9260984baf6cc0d9c1720fc',4,'test','192.0.2.1','2026-01-01 12:00:00.000000','2026-01-01 12:00:00.000000');
INSERT INTO "session" VALUES(5,'066c8778ff50d392b486f9d4f8037b679a1a097a80d25504bca7bd628cf261b2',5,'test','192.0.2.1','2026-01-01 12:00:00.000000','2026-01-01 12:00:00.000000');
CREATE TABLE user (
	id INTEGER NOT NULL, 
	name VARCHAR(16) NOT NULL, 
	registered BOOLEAN NOT NULL, 
	active BOOLEAN NOT NULL, 
	password_hash VARCHAR(200), 
	created_at DATETIME NOT NULL, 
	seen_at DATETIME NOT NULL, 
	CONSTRAINT pk_user PRIMARY KEY (id)
);
INSERT INTO "user" VALUES(1,'anna',1,1,'$argon2id$v=19$m=19456,t=2,p=1$/wzRpKhZZckH5U5iBgR3pw$EOy79oPwtXzGNcnc6X7iCiPJVC4vMSLPzcZ3dRjHMkU','2026-01-01 12:00:00.000000','2026-01-01 12:00:00.000000');
INSERT INTO "user" VALUES(2,'bert',1,1,'$argon2id$v=19$m=19456,t=2,p=1$/+n/5EsBagvvZYRsdtv8xA$yhSGrCcGPOWZldWBFOXvFU8lnwXc61bQsKr4OXA9og0','2026-01-01 12:00:00.000000','2026-01-01 12:00:00.000000');
INSERT INTO "user" VALUES(3,'carl',1,1,'$argon2id$v=19$m=19456,t=2,p=1$owEobTJ001PgZlt5/XBG8g$dGkr0GGV+Gc8ItyN7N8eyeV52yF+bT7NdSP56GtiL44','2026-01-01 12:00:00.000000','2026-01-01 12:00:00.000000');
INSERT INTO "user" VALUES(4,'dora',1,1,'$argon2id$v=19$m=19456,t=2,p=1$LJiMDyQWFLT4QUF1tl+09w$eQxSPON/ZxgxBSg21eNhcnhX4DlsrB/znPhVEcbozk0','2026-01-01 12:00:00.000000','2026-01-01 12:00:00.000000');
INSERT INTO "user" VALUES(5,'gina',0,1,NULL,'2026-01-01 12:00:00.000000','2026-01-01 12:00:00.000000');
CREATE TABLE worker (
	id VARCHAR(32) NOT NULL, 
	address VARCHAR(100) NOT NULL, 
	beat_at DATETIME NOT NULL, 
	CONSTRAINT pk_worker PRIMARY KEY (id)
);
INSERT INTO "worker" VALUES('c0fc2cdda16a5f48','vm 127.0.0.1:5000','2026-01-01 12:00:00.000000');
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
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('session',5);
COMMIT;
