/** An expected answer other than the page asked for; the one error handler shows its page. */
export class PageError extends Error {
  readonly statusCode: number
  /** One sentence for the person, in place of the page's usual one. */
  readonly sentence: string | undefined
  constructor(statusCode: number, sentence?: string) {
    super(`page ${statusCode}`)
    this.statusCode = statusCode
    this.sentence = sentence
  }
}

/** There is no such page, or not for this person. */
export const notFound = () => new PageError(404)
/** The person may not do this; `sentence` says why in their words. */
export const forbidden = (sentence?: string) => new PageError(403, sentence)
/** What was sent cannot be taken as it is. */
export const unprocessable = (sentence: string) => new PageError(422, sentence)
