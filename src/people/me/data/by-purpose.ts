import { sayDate, sayInstant } from '#src/platform/calendar/london.ts'
import { dataMap, type Field, ruleOf } from '#src/promises/notice/datamap.ts'
import { type Purpose, type PurposeRule, purposes } from '#src/promises/notice/purposes.ts'
import type { AccessCopy } from '#src/promises/rights/copy.ts'
import { standsElsewhere } from '#src/promises/rights/uses.ts'

type Value = AccessCopy['values'][number]
type Opening = AccessCopy['openings'][number]

/** Openings that are shown for a purpose; the copy has them all. */
const mostShown = 10

export interface OnePurpose {
  id: string
  /** In the words after "to". */
  says: string
  necessity: string
  /** What is used for this first of all: shown here, and named elsewhere. */
  own: Value[]
  /** What is shown with another purpose and used for this one too. */
  also: { says: string; field: string }[]
  opened: { count: number; last: { at: string; role: string }[] }
}

/**
 * What is held, by purpose of the notice. Each value stands once, with the purpose that it is kept for first of all, and
 * is named with the others. Requests of other bodies are told apart, so they are no purposes here.
 */
export function byPurpose(copy: AccessCopy): OnePurpose[] {
  const rules = Object.entries(purposes) as [Purpose, PurposeRule][] // the checked edge: the closed list’s own names
  const openings = Map.groupBy(copy.openings, one => one.why)
  return rules.flatMap(([purpose, rule]) => {
    const own = copy.values.filter(one => mainPurpose(one.field) === purpose)
    const opened = openings.get(rule.says) ?? []
    const also = standsElsewhere(purpose)
      ? []
      : copy.values.filter(one => !own.includes(one) && one.why.includes(rule.says))
    if (!own.length && !also.length && !opened.length) return []
    return [
      {
        id: purpose.replaceAll(' ', '-'),
        says: rule.says,
        necessity: rule.necessity,
        own,
        also: also.map(({ says, field }) => ({ says, field })),
        opened: { count: opened.length, last: newest(opened) },
      },
    ]
  })
}

function mainPurpose(field: string): Purpose {
  const rule = Object.hasOwn(dataMap.panel, field) ? dataMap.panel[field as Field<'panel'>] : undefined // the checked edge
  return rule?.purposes.find(purpose => !standsElsewhere(purpose)) ?? 'exercise rights'
}

function newest(openings: readonly Opening[]): { at: string; role: string }[] {
  return openings
    .slice(-mostShown)
    .reverse()
    .map(({ at, role }) => ({ at: sayInstant(new Date(at)), role }))
}

/** Who is given some of it for us, and who else asked for it, in words. */
export function sharedWith(copy: AccessCopy) {
  const says = (field: string) => (ruleOf('panel', field)?.says ?? field).toLowerCase()
  return {
    recipients: copy.recipients.map(one => ({ ...one, given: one.fields.map(says).join(', ') })),
    disclosures: copy.disclosures.map(one => ({ ...one, asked: sayDate(new Date(one.asked)) })),
  }
}
