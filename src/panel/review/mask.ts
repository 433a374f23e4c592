import { plain } from '../recruitment/list/find.ts'
import { shortNamesOf } from './nicknames.ts'

/** Who wrote an answer: what must not be read in it. */
export interface Self {
  name?: string | undefined
  landlord?: string | undefined
  email?: string | undefined
  phone?: string | undefined
  /** Lines of an address. */
  lines?: readonly string[]
  /** Words that an officer hides after a reader flagged the answer. */
  hidden?: readonly string[]
}

/** Names that are words as well: masked only where they begin with a capital. */
const words = wordSet(
  'will may rose grace hope joy mark bill frank dawn page young king hall hill green brown white black wood stone price long sun rain art rich don pat sue jack summer autumn miles dean duke earl prince angel faith bob rob nick jean drew chuck',
)
/** Words of landlords' names that say nothing of which. */
const common = wordSet(
  'homes home housing association council borough district county city trust group community co operative cooperative society the and of limited ltd partnership plc',
)

/** An answer without its writer's name, contacts and landlord, in words of the page where they stood. */
export function mask(text: string, self: Self): string {
  let shown = text
    .replace(/[^\s@<>(),;:"]+@[^\s@<>(),;:"]+\.[^\s@<>(),;:"]+/g, '[email address]')
    .replace(/\+?\(?\d[\d\s()\-./\u2010-\u2015]{7,}\d/g, found => (isPhone(found) ? '[phone number]' : found))
    .replace(/\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b/gi, '[postcode]')
  for (const phrase of self.hidden ?? []) shown = hide(shown, plain(phrase), '[hidden]')
  shown = hideOwnPhone(shown, self.phone)
  for (const line of self.lines ?? [])
    for (const phrase of [plain(line), plain(line.replace(/^[\d\s,/-]+[a-z]?\s/i, ''))])
      if (phrase.length > 3) shown = hide(shown, phrase, '[my address]')
  for (const phrase of landlordPhrases(self.landlord)) shown = hide(shown, phrase, '[my landlord]')
  for (const letters of initialsOf(self.landlord))
    shown = shown.replace(new RegExp(`(?<![\\p{L}\\p{N}])${letters}(?![\\p{L}\\p{N}])`, 'gu'), '[my landlord]')
  const user = self.email?.split('@')[0]?.split('+')[0] ?? ''
  if (user.length > 4 || /\d/.test(user)) shown = hide(shown, plain(user.replace(/[._-]+/g, ' ')), '[name]')
  return hideName(
    shown,
    plain(self.name ?? '')
      .split(' ')
      .filter(Boolean),
  )
}

/** Hides the parts of a name, what people are called for short, and parts that are run together or stand with an s. */
function hideName(text: string, parts: readonly string[]): string {
  const names = new Set(parts.filter(part => part.length > 1))
  const short = shortNamesOf(names)
  const together = parts.length > 1 ? [parts.join(''), `${parts[0]}${parts.at(-1)}`] : []
  return text.replace(/\[[^\]]*\]|[\p{L}\p{M}]+/gu, found => {
    if (found.startsWith('[')) return found
    const bare = plain(found)
    const single = bare.endsWith('s') ? bare.slice(0, -1) : bare
    const isCapital = /^\p{Lu}/u.test(found)
    if (names.has(bare)) return words.has(bare) && !isCapital ? found : '[name]'
    if (isCapital && short.has(bare)) return '[name]'
    if (single.length > 2 && names.has(single) && (isCapital || !words.has(single))) return '[name]'
    return together.some(one => one.length > 5 && bare.includes(one)) ? '[name]' : found
  })
}

function landlordPhrases(name: string | undefined): string[] {
  const whole = plain(name ?? '')
  const core = whole
    .split(' ')
    .filter(part => !common.has(part))
    .join(' ')
  return [whole, core].filter(phrase => phrase.length > 2)
}

/** How a landlord is called for short: AVH of Alder Vale Homes. */
function initialsOf(name: string | undefined): string[] {
  const parts = plain(name ?? '').split(' ')
  const of = (own: readonly string[]) =>
    own
      .map(part => part.charAt(0))
      .join('')
      .toUpperCase()
  return [...new Set([of(parts), of(parts.filter(part => !['the', 'of', 'and'].includes(part)))])].filter(letters =>
    /^[A-Z]{3,}$/.test(letters),
  )
}

function isPhone(found: string): boolean {
  const groups = found.match(/\d+/g) ?? []
  return groups.join('').length >= 9 && !groups.every(one => /^(19|20)\d\d$/.test(one))
}

/** Hides the last six figures of someone's own number, however they are spaced: people leave the area's code out. */
function hideOwnPhone(text: string, phone: string | undefined): string {
  const figures = (phone ?? '').replace(/\D/g, '').slice(-6)
  if (figures.length < 6) return text
  return text.replace(new RegExp(`[\\d\\s().-]*${[...figures].join('[\\s().-]{0,3}')}(?!\\d)`, 'g'), found =>
    /^\s/.test(found) ? ' [phone number]' : '[phone number]',
  )
}

/** Hides a phrase whatever its case, accents, spaces and marks, run together or with an s at its end. */
function hide(text: string, phrase: string, shown: string): string {
  const parts = phrase.split(' ').filter(Boolean)
  if (!parts.length) return text
  const spelt = parts.map(part =>
    part === 'and' ? '(?:and|&)' : [...part].map(letter => `${escaped(letter)}\\p{M}*`).join(''),
  )
  const spread = new RegExp(`(?<![\\p{L}\\p{N}])${spelt.join('[^\\p{L}\\p{N}]*')}s?(?![\\p{L}\\p{N}])`, 'giu')
  return text.normalize('NFD').replace(spread, shown).normalize('NFC')
}

function escaped(letter: string): string {
  return letter.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

function wordSet(text: string): ReadonlySet<string> {
  return new Set(text.split(' '))
}
