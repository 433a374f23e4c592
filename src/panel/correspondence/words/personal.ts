import { contact } from '#src/promises/notice/contact.ts'

const ours = [contact.phone, contact.regulator.phone, contact.dpo.email, ...contact.dpo.post].map(squeezed)
const kinds: readonly RegExp[] = [
  /[^\s@<>()]+@[^\s@<>()]+\.[a-z]+/gi,
  /\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b/gi,
  /(?<![\w./-])(?:\+44|0)[\d ]{8,13}\d\b/g,
  /\b(?:RP|DP)-[A-Z0-9-]{4,}\b/g,
]

/** What looks like one person's in words that go to everyone: an address, a number, a reference. Names cannot be told. */
export function personalIn(text: string): string[] {
  const found = kinds.flatMap(kind => text.match(kind) ?? [])
  return [...new Set(found.map(one => one.trim()))].filter(one => !ours.includes(squeezed(one)))
}

function squeezed(text: string): string {
  return text.replace(/\s/g, '').toLowerCase()
}
