/**
 * Soft sounds, made here: no file is loaded. A browser lets a page sound only once its reader has
 * done something on it, or on the page of ours that led here.
 */

const LOUD = 0.11; // of 1, at the very beginning of a tone
const FADE = 0.55; // seconds until a tone is gone
const LATE = 0.02; // seconds before the first tone, in which the output wakes up

// Tones as [seconds from the beginning, Hz]; no two of them are told apart by pitch alone.
const TUNES = {
  turn: [[0, 587.33], [0.12, 880]],
  match: [[0, 440], [0.12, 587.33], [0.24, 880]],
  challenge: [[0, 659.26], [0.16, 659.26], [0.32, 880]],
  message: [[0, 698.46]],
};
export const TUNE_MS = 1000; // longer than any of them

let output = null;
let rest = null;

/** Whether this browser can make sounds at all. */
export function hasSounds() {
  return "AudioContext" in window;
}

/** Whether this page may sound now. */
export function maySound() {
  return hasSounds() && (navigator.userActivation?.hasBeenActive ?? output?.state === "running");
}

function tone(at, pitch) {
  const volume = output.createGain();
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(LOUD, at + 0.012);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + FADE);
  volume.connect(output.destination);
  // A struck bar: the tone and, softer and sooner gone, one near its double octave.
  for (const [times, part] of [[1, 1], [3.98, 0.12]]) {
    const share = output.createGain();
    share.gain.value = part;
    share.connect(volume);
    const source = output.createOscillator();
    source.frequency.value = pitch * times;
    source.connect(share);
    source.start(at);
    source.stop(at + FADE);
  }
}

/** Play one: "turn", "match", "challenge" or "message". Resolves once it has begun. */
export async function sound(kind) {
  output ??= new AudioContext();
  await output.resume();
  const begin = output.currentTime + LATE;
  for (const [at, pitch] of TUNES[kind]) tone(begin + at, pitch);
  clearTimeout(rest);
  rest = setTimeout(() => output.suspend(), TUNE_MS); // silent, it would keep the device awake
}
