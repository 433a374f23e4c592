import { plain } from '../recruitment/list/find.ts'

/** Who wrote an answer: what must not be read in it. */
export interface Self {
  name?: string | undefined
  landlord?: string | undefined
}

/** Names that are words as well: masked only where they begin with a capital. */
const words = new Set(
  'will may rose grace hope joy mark bill frank dawn page young king hall hill green brown white black wood stone price long sun rain art rich don pat sue jack summer autumn miles dean duke earl prince angel faith'.split(
    ' ',
  ),
)
const common = new Set(
  'homes home housing association council borough district county city trust group community co operative cooperative society the and of limited ltd'.split(
    ' ',
  ),
)

/** An answer without its writer's name, contacts and landlord, in words of the page where they stood. */
export function mask(text: string, self: Self): string {
  const names = partsOf(self.name).filter(part => part.length > 1)
  const landlord = plain(self.landlord ?? '')
  const core = landlord
    .split(' ')
    .filter(part => !common.has(part))
    .join(' ')
  let shown = text
    .replace(/[^\s@<>(),;:"]+@[^\s@<>(),;:"]+\.[^\s@<>(),;:"]+/g, '[email address]')
    .replace(/\+?\(?\d[\d ()\-.]{7,}\d/g, found => (found.replace(/\D/g, '').length >= 9 ? '[phone number]' : found))
    .replace(/\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b/gi, '[postcode]')
  for (const phrase of [landlord, core]) if (phrase.length > 2) shown = hide(shown, phrase, '[my landlord]')
  return shown.replace(/[\p{L}\p{M}]+/gu, found => {
    const bare = plain(found)
    if (!names.includes(bare)) return found
    return words.has(bare) && !/^\p{Lu}/u.test(found) ? found : '[name]'
  })
}

/** Hides a phrase whatever its case, accents, spaces and marks. */
function hide(text: string, phrase: string, shown: string): string {
  const parts = phrase.split(' ').map(part => [...part].map(letter => `${escaped(letter)}\\p{M}*`).join(''))
  const spread = new RegExp(`(?<![\\p{L}\\p{N}])${parts.join('[^\\p{L}\\p{N}]+')}(?![\\p{L}\\p{N}])`, 'giu')
  return text.normalize('NFD').replace(spread, shown).normalize('NFC')
}

function escaped(letter: string): string {
  return letter.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

function partsOf(name: string | undefined): string[] {
  return plain(name ?? '')
    .split(' ')
    .filter(Boolean)
}
