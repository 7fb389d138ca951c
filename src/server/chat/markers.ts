/** Finds markers in text that comes in pieces. */

/** A marker and where it begins. */
export interface FoundMarker {
  readonly at: number;
  readonly marker: string;
}

/** The first of the markers in `text`; of two at one place the longer. */
export function findMarker(text: string, markers: readonly string[]): FoundMarker | undefined {
  let found: FoundMarker | undefined;
  for (const marker of markers) {
    const at = text.indexOf(marker);
    if (at < 0) continue;
    if (found === undefined || at < found.at || (at === found.at && marker.length > found.marker.length)) {
      found = { at, marker };
    }
  }
  return found;
}

/** Length of the longest end of `text` with which one of the markers begins, the whole marker left out: what must be held back. */
export function partialMarker(text: string, markers: readonly string[]): number {
  let longest = 0;
  for (const marker of markers) {
    for (let length = Math.min(marker.length - 1, text.length); length > longest; length--) {
      if (text.endsWith(marker.slice(0, length))) {
        longest = length;
        break;
      }
    }
  }
  return longest;
}

/** Whether `text` may become one of the markers with more characters to come: "" may. */
export function mayBecome(text: string, markers: readonly string[]): boolean {
  return markers.some((marker) => marker.length > text.length && marker.startsWith(text));
}

/** Length of the white space at the beginning. */
export function blankLength(text: string, from = 0): number {
  let at = from;
  while (at < text.length && isBlank(text.charCodeAt(at))) at++;
  return at - from;
}

/** Space, tab and line ends, as JSON has them. */
export function isBlank(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9;
}
