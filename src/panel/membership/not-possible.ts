/** What cannot be done with an offer or a membership, in one sentence for who asked. */
export class NotPossible extends Error {}
