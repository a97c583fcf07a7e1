/** A browser of another engine than Chromium, by what the tests need of it. */
export interface Engine {
  /** One more tab or window; all of them share cookies, storage and locks. */
  open(): Promise<EnginePage>;
  /** Ends the browser with all its pages. */
  close(): Promise<void>;
}

export interface EnginePage {
  /** Returns when the page is loaded. */
  goto(url: string): Promise<void>;
  /** As the button of the browser; returns when the navigation has begun. */
  back(): Promise<void>;
  /** Runs a function in the page, on its own: it refers to nothing outside. Arguments and result are JSON. */
  evaluate<A extends readonly unknown[], T>(script: (...args: A) => T, ...args: A): Promise<T>;
  /** Presses a letter on the keyboard, while the page is in front. */
  press(letter: string): Promise<void>;
  /** As the user closes it. */
  close(): Promise<void>;
}
