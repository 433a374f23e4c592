/** A piece of a letter's words: text, a place where a value comes, or where a passage for some people begins or ends. */
export type Piece = { text: string } | { hold: string } | { only: string } | { end: true }

/**
 * Reads words that staff write: `((deleted))` is a place for a value; `((if by email)) … ((end))` is a passage that only
 * some people get, and the next `((if …))` ends the one before.
 */
export function readPieces(body: string): Piece[] {
  return body
    .split(/(\(\([^()]*\)\))/)
    .filter(Boolean)
    .map(part => {
      const inside = /^\(\(([^()]*)\)\)$/.exec(part)?.[1]
      if (inside === undefined) return { text: part }
      const words = inside.trim().toLowerCase().replace(/\s+/g, ' ')
      if (words === 'end') return { end: true }
      return words.startsWith('if ') ? { only: words.slice(3) } : { hold: words }
    })
}

/** The pieces that are shown where these conditions hold. */
export function shownPieces(pieces: readonly Piece[], holds: (condition: string) => boolean): Piece[] {
  let shown = true
  return pieces.filter(piece => {
    if ('only' in piece) shown = holds(piece.only)
    else if ('end' in piece) shown = true
    else return shown
    return false
  })
}
