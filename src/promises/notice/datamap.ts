import type { Clause } from './clauses.ts'
import { caseFields } from './fields/case.ts'
import { inboxFields } from './fields/inbox.ts'
import { panelFields } from './fields/panel.ts'
import type { FieldRule } from './fields/rule.ts'
import { staffFields } from './fields/staff.ts'
import type { Purpose } from './purposes.ts'

export type { FieldRule, Recipient } from './fields/rule.ts'

/** The kinds of dossier: each has its own fields, its own key and its own clock. Nothing else may be sealed. */
export const kinds = ['panel', 'case', 'staff', 'recording', 'inbox'] as const
export type Kind = (typeof kinds)[number]

/** Whose data a kind of dossier holds. */
export const subjects: Readonly<Record<Kind, string>> = {
  panel: 'Applicants and members',
  case: 'People who ask or complain',
  staff: 'Staff',
  recording: 'People recorded',
  inbox: 'People who write in',
}

/** How long a dossier of a kind lives; the dates are computed in `retention`. */
export const retention = {
  panel: { clause: 'N-48', says: 'six months after the round closes, or after your three-year term ends' },
  case: { clause: 'N-70', says: 'six years after the case closes' },
  staff: { clause: 'N-52', says: 'one year after the account is closed' },
  recording: { clause: 'N-54', says: 'three months after the minutes are approved, or with the first person recorded' },
  inbox: { clause: 'N-72', says: 'seven days after it arrives' },
} as const satisfies Record<Kind, { clause: Clause; says: string }>

/** Every field that is kept about a person, and what it may be opened for: the notice, as data. */
export const dataMap = {
  panel: panelFields,
  case: caseFields,
  staff: staffFields,
  recording: {},
  inbox: inboxFields,
} as const satisfies Record<Kind, Record<string, FieldRule>>

export type DataMap = typeof dataMap
/** A field of a kind of dossier. */
export type Field<K extends Kind> = keyof DataMap[K] & string
/** The rule of one field, as the literal that the map holds. */
type Rule<K extends Kind, F extends Field<K>> = DataMap[K][F] extends infer R extends FieldRule ? R : never
/** The fields of a kind that may be opened for a purpose. */
export type FieldFor<K extends Kind, P extends Purpose> = {
  [F in Field<K>]: P extends Rule<K, F>['purposes'][number] ? F : never
}[Field<K>]
/** The special-category fields of a kind. */
export type SpecialField<K extends Kind> = { [F in Field<K>]: Rule<K, F>['special'] extends true ? F : never }[Field<K>]

/** The rule of a field by name; undefined when the map does not declare it. */
export function ruleOf(kind: Kind, field: string): FieldRule | undefined {
  const fields: Record<string, FieldRule> = dataMap[kind]
  return Object.hasOwn(fields, field) ? fields[field] : undefined
}

/** Every field of every kind with its rule. */
export function everyField(): { kind: Kind; field: string; rule: FieldRule }[] {
  return kinds.flatMap(kind => {
    const fields: Record<string, FieldRule> = dataMap[kind]
    return Object.entries(fields).map(([field, rule]) => ({ kind, field, rule }))
  })
}
