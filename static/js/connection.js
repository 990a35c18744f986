/**
 * The page's one connection to the house (Socket.IO): requests with an answer, events, and the
 * line that says when it is not well.
 *
 * Events are named by their type and carry one envelope `{type, data}`; a request is answered
 * `{ok: true, …}` or `{ok: false, error: {code, msg}}`.
 */

import { io } from "../vendor/socket.io.esm.min.js";
import { say } from "./words.js";

const ANSWER_MS = 8000; // how long a request may wait, an outage included
const GRACE_MS = 600; // shorter outages are not worth a word
const RETRY_MS = 2000; // after the house itself has closed or refused

const line = document.getElementById("connection");
const ready = [];
const gone = [];
const heeded = []; // [type, handler] of what is heard only where there is a connection anyway
let socket = null;
let ended = false;
let lineTimer = null;

/** A request the house refused, or that went unanswered (code "unanswered"). */
export class RequestError extends Error {
  constructor({ code, msg }) {
    super(msg);
    this.code = code;
    this.msg = msg;
  }
}

function tell(text) {
  clearTimeout(lineTimer);
  line.textContent = text; // empty it takes no room
}

function lost() {
  clearTimeout(lineTimer);
  lineTimer = setTimeout(() => ended || socket.connected || tell(say("lost")), GRACE_MS);
}

/** No need to sit out the pause between tries once the network is back or the user is. */
function retryNow() {
  if (!ended && !socket.connected) socket.disconnect().connect();
}

/** Socket.IO tries again by itself after an outage, but not after the house has said no. */
function retryIfRefused() {
  if (!ended && !socket.active) setTimeout(() => socket.connect(), RETRY_MS);
}

function open() {
  const made = io({
    transports: ["websocket", "polling"],
    tryAllTransports: true,
    reconnectionDelay: 400,
    reconnectionDelayMax: 3000,
    timeout: 6000,
  });
  made.on("connect", () => {
    tell("");
    for (const handler of ready) handler();
  });
  made.on("disconnect", () => {
    for (const handler of gone) handler();
    lost();
    retryIfRefused();
  });
  made.on("connect_error", () => {
    lost();
    retryIfRefused();
  });
  made.on("session_ended", () => {
    ended = true;
    tell(say("signed_out"));
  });
  for (const [type, handler] of heeded) made.on(type, (envelope) => handler(envelope.data));
  addEventListener("offline", lost); // while it was only just opening, nothing else would tell
  addEventListener("online", retryNow);
  document.addEventListener("visibilitychange", () => document.hidden || retryNow());
  return made;
}

function connection() {
  socket ??= open();
  return socket;
}

/** Handle `data` of every message of this type. */
export function on(type, handler) {
  connection().on(type, (envelope) => handler(envelope.data));
}

/** Handle `data` of every message of this type on a page that has a connection; it needs none. */
export function heed(type, handler) {
  heeded.push([type, handler]);
  socket?.on(type, (envelope) => handler(envelope.data));
}

/** Do this now, if connected, and after every reconnection. */
export function onReady(handler) {
  ready.push(handler);
  if (connection().connected) handler();
}

/** Do this whenever the connection is lost. */
export function onLost(handler) {
  gone.push(handler);
}

/**
 * Ask something of the house; resolves to its answer, rejects with a RequestError.
 * While the connection is away the request waits for it, but no longer than any other.
 */
export async function request(type, data = {}) {
  let answer;
  try {
    answer = await connection().timeout(ANSWER_MS).emitWithAck(type, { type, data });
  } catch {
    throw new RequestError({ code: "unanswered", msg: say("unanswered") });
  }
  if (!answer?.ok) throw new RequestError(answer?.error ?? { code: "unanswered" });
  return answer;
}
