import { createHash, createHmac } from 'node:crypto'

/** Numbers from a seed, the same for everyone who knows it: unbiased, and unpredictable without the seed. */
export type Stream = {
  /** A whole number from 0 up to, not including, `below` (at most 2^48), each equally likely. */
  below(below: number): number
  /** A number in [0, 1) with 48 bits. */
  unit(): number
}

const SPAN = 2 ** 48

/**
 * HMAC-SHA-256 in counter mode: block n is HMAC(SHA-256(seed), purpose and n), read six bytes at a time. Numbers beyond the
 * last whole multiple are thrown away, not folded back, so that none is likelier. Anyone can write this in ten lines.
 */
export function streamFrom(seed: string, purpose: string): Stream {
  const key = createHash('sha256').update(seed, 'utf8').digest()
  let block = Buffer.alloc(0)
  let at = 0
  let counter = 0
  const next = () => {
    if (at + 6 > block.length) {
      block = createHmac('sha256', key).update(`${purpose}:${counter++}`, 'utf8').digest()
      at = 0
    }
    at += 6
    return block.readUIntBE(at - 6, 6)
  }
  return {
    below(below) {
      if (!Number.isInteger(below) || below < 1 || below > SPAN) throw new RangeError(`No number lies below ${below}.`)
      const fair = SPAN - (SPAN % below)
      for (;;) {
        const number = next()
        if (number < fair) return number % below
      }
    },
    unit: () => next() / SPAN,
  }
}
