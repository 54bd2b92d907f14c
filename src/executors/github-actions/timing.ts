/** All in seconds. */
export interface Timing {
  /** When a run is looked at again that was started so long ago. */
  look(since_start: number): number
  /** How long a run that may have been started is looked for before it is started again. */
  arrive: number
  /** How long a run that cannot be told from others may take to say itself which it is. */
  tell: number
  /** How long a run may take to stop before it is ended by force. */
  stop: number
}

/** Two calls each time: some 300 in the usual hour, of the 5,000 that GitHub lets a token make. */
export const usualTiming: Timing = {
  look: (since) => (since < 30 ? 3 : since < 120 ? 6 : since < 600 ? 15 : 30),
  arrive: 60,
  tell: 180,
  stop: 20,
}
