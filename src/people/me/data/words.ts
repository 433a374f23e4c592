import { sayConcerns } from '#src/panel/membership/concerns/words.ts'
import { sayLog } from '#src/panel/membership/contacts/words.ts'
import { interests, times } from '#src/panel/membership/own/options.ts'
import { councilByCode } from '#src/panel/recruitment/councils.ts'
import {
  adjustments,
  ageRanges,
  channels,
  ethnicGroups,
  genders,
  tenancies,
  wordsOf,
} from '#src/panel/recruitment/options.ts'
import {
  addressChangesValue,
  addressValue,
  adjustmentsValue,
  answersValue,
  codesValue,
} from '#src/panel/recruitment/values.ts'

import { sayNotes } from '#src/panel/review/score.ts'
import { sayDate } from '#src/platform/calendar/london.ts'
import { ruleOf } from '#src/promises/notice/datamap.ts'
import { readCorrections } from '#src/promises/rights/corrections.ts'

const backgrounds: Record<string, string> = Object.fromEntries(
  Object.entries(ethnicGroups).flatMap(([code, { label, backgrounds: own }]) => [
    [code, label],
    [`${code}-not-said`, label],
    ...Object.entries(own),
  ]),
)
const codes: Record<string, Record<string, string>> = {
  ageRange: ageRanges,
  gender: genders,
  tenancy: tenancies,
  channel: channels,
  ethnicity: { ...backgrounds, 'not-said': 'Prefer not to say' },
}

/** A value as the person said it, not as it is kept; as it is kept where it is no such value, such as one that is left out. */
export function said(field: string, value: string): string {
  try {
    return inWords(field, value)
  } catch {
    return value
  }
}

function inWords(field: string, value: string): string {
  const words = codes[field]
  if (words) return wordsOf(words, value)
  if (field === 'corrections')
    return readCorrections(value)
      .map(
        one =>
          `${ruleOf('panel', one.field)?.says ?? one.field} was “${said(one.field, one.was)}” until ${sayDate(new Date(one.at))}`,
      )
      .join('; ')
  if (field === 'area') return councilByCode(value)?.name ?? value
  if (field === 'address') {
    const address = addressValue.read(value)
    return address ? [...address.lines, address.postcode].join(', ') : value
  }
  const lists = { times, interests }
  if (field === 'times' || field === 'interests')
    return (codesValue.read(value) ?? []).map(code => wordsOf(lists[field], code)).join('; ')
  if (field === 'addressChanges') {
    const changes = addressChangesValue.read(value) ?? []
    return changes.map(one => `${one.from || 'no address'} to ${one.to}`).join('; ')
  }
  if (field === 'adjustments') {
    const needs = adjustmentsValue.read(value)
    return needs
      ? [...needs.ticked.map(code => wordsOf(adjustments, code)), needs.words].filter(Boolean).join('; ')
      : value
  }
  if (field === 'contactLog') return sayLog(value)
  if (field === 'concern') return sayConcerns(value)
  if (field === 'reviewNotes') return sayNotes(value)
  if (field === 'answers') return Object.values(answersValue.read(value) ?? { all: value }).join('\n\n')
  return value
}
