/**
 * An opened value of a special category (health, ethnicity). It shows itself only when asked by `reveal`, so that it
 * cannot slip into a log, a job, a template or a message to a processor; no egress adapter takes one.
 */
export class Special {
  readonly #value: string
  constructor(value: string) {
    this.#value = value
  }
  reveal(): string {
    return this.#value
  }
  toString(): string {
    return '[special category]'
  }
  toJSON(): string {
    return '[special category]'
  }
}
