import { sayDate, sayInstant } from '#src/platform/calendar/london.ts'
import { contact } from '../../notice/contact.ts'
import { ruleOf } from '../../notice/datamap.ts'
import type { AccessCopy } from '../copy.ts'
import { datesIn } from '../dates.ts'
import { usesOf } from '../uses.ts'

/** The page of a copy that its owner reads: everything in words. */
export function readMe(reference: string, copy: AccessCopy, now: Date, said: (field: string, value: string) => string) {
  const when = (instant: string) => sayInstant(new Date(instant))
  return {
    reference,
    contact,
    made: sayInstant(now),
    deleted: sayDate(copy.record.deletedOn),
    copy,
    values: copy.values.map(one => ({ ...one, shown: said(one.field, one.value), why: usesOf(one.field) })),
    openings: copy.openings.map(one => ({ ...one, at: when(one.at) })),
    recipients: copy.recipients.map(one => ({
      ...one,
      given: one.fields.map(field => (ruleOf('panel', field)?.says ?? field).toLowerCase()).join(', '),
    })),
    disclosures: copy.disclosures.map(one => ({ ...one, asked: when(one.asked) })),
    tables: datesIn(copy),
  }
}
