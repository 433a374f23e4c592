/** The only source of now. */
export interface Clock {
  now(): Date
}

export const systemClock: Clock = { now: () => new Date() }

/** A clock that began at `iso` when it was made, and goes on from there. */
export function clockFrom(iso: string): Clock {
  const offset = Date.parse(iso) - Date.now()
  return { now: () => new Date(Date.now() + offset) }
}
