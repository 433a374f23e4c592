import { londonDate, sayDate, sayInstant } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { notFound } from '#src/platform/web/errors.ts'
import type { House } from '../house.ts'
import { staffNames } from '../registers/names.ts'
import { atDesk, casesPath, staffOf } from '../rights/desk.ts'
import { matters } from '../rights/rights.ts'
import { sayWhen } from '../rights/when.ts'
import { atRisk, noConsent, proofs, whyAsked } from './basis.ts'
import { groundsFor } from './decide.ts'
import { crumbs, desk, items, rightItems, type ShowDisclosure, view } from './desk.ts'
import { type Account, type Disclosure, disclosureById } from './disclosure.ts'
import { ownAs } from './ending.ts'
import { sayFields, sayOfPerson } from './extract.ts'
import { basesFor, disclosureTypes, gateways, lawfulBases, outcomes, refusals } from './kinds.ts'
import { draftCover, draftRefusal } from './letter.ts'
import { isLate, lookBy, sayNext, stageOf } from './next.ts'
import { saysSwitchedOff } from './prejudice.ts'

const channels = { email: 'by email', phone: 'by phone', post: 'by post' } as const

/** The page of one request: what is known, what is next, and what was done; or, by `page`, one of its forms. */
export function disclosurePage(house: House, page = 'disclosure', heading?: string): ShowDisclosure {
  return async (request, reply, id, more = {}) => {
    const shown = await atDesk(house, request, async (tx, by) => {
      const held = await disclosureById(tx, house, by, id)
      if (!held) throw notFound()
      const { one } = held
      const named = await staffNames(tx, house, by, [one.decided_by, one.second_by])
      const fields = await heldFields(tx, one)
      return { ...held, named, fields, record: await recordOf(house, one), others: await othersAbout(tx, one) }
    })
    const { one, requester, account, named, fields } = shown
    const now = house.clock.now()
    const look = lookBy(one)
    const openUntil = one.open_until ? sayInstant(one.open_until) : undefined
    const me = staffOf(request).id
    const name = `${one.reference}: ${disclosureTypes[one.type].says}`
    return reply.page(view(page), {
      title: heading ? `${one.reference}: ${heading}` : name,
      crumbs: heading ? [...crumbs, { text: one.reference, href: `${desk}/${id}` }] : crumbs,
      path: `${desk}/${id}`,
      ...shown,
      stage: stageOf(one, now),
      next: sayNext(one, now),
      late: isLate(one, now),
      outcome: one.outcome && outcomes[one.outcome],
      came: `${sayWhen(one.asked_at)}, ${channels[one.channel]}${one.is_emergency ? ', an emergency' : ''}`,
      answerBy: sayDate(one.answer_by),
      lookBy: look && { day: sayDate(look), late: look < londonDate(now) },
      askedFor: sayFields(one.asked_fields),
      approved: sayFields(one.approved_fields) || 'Nothing',
      gateway: one.gateway && (account.gatewayWords || gateways[one.type][one.gateway]),
      lawfulBasis: one.lawful_basis && lawfulBases[one.lawful_basis],
      rests: [
        account.basis.proof && proofs[account.basis.proof],
        account.basis.atRisk && atRisk[account.basis.atRisk],
        account.basis.noConsent && noConsent[account.basis.noConsent],
        account.basis.why,
      ].filter(Boolean),
      whyAsked: whyAsked[one.type].asks,
      rights: saysSwitchedOff(one.switched_off),
      refusal: one.refusal && refusals[one.refusal].says,
      decided: one.decided_at && `${named(one.decided_by)}, ${sayInstant(one.decided_at)}`,
      agreed: one.second_at && `${named(one.second_by)}, ${sayInstant(one.second_at)}`,
      mine: one.decided_by === me,
      openUntil,
      handed: one.handed_at && sayInstant(one.handed_at),
      ownAs: items(ownAs),
      caseHref: one.rights_case && `${casesPath}/${one.rights_case}`,
      letter: account.letter || draftRefusal(one, requester, account),
      cover: draftCover(one, requester, openUntil ?? ''),
      byEmail: requester.reach.includes('@'),
      notes: account.notes.map(each => ({ ...each, at: sayInstant(new Date(each.at)) })),
      gateways: items(gateways[one.type]),
      lawfulBases: basesFor[one.type].map(value => ({ value, text: lawfulBases[value] })),
      fields: one.asked_fields.map(value => ({
        value,
        text: sayOfPerson(value),
        ...(fields.has(value) ? {} : { hint: { text: 'We do not hold it' } }),
      })),
      proofs: items(proofs),
      atRisk: items(atRisk),
      noConsent: items(noConsent),
      refusals: groundsFor(one).map(value => ({ value, text: refusals[value].says })),
      off: rightItems,
      values: weighedBefore(one, account),
      ...more,
    })
  }
}

/** What was answered before stands in the forms until something else is typed. */
function weighedBefore(one: Disclosure, { identity, gatewayWords, basis, prejudice }: Account) {
  const { proof, atRisk, noConsent, why: needed } = basis
  const only = Object.keys(gateways[one.type])
  return {
    identity,
    gateway: one.gateway ?? (only.length === 1 ? only[0] : undefined),
    gatewayWords,
    lawfulBasis: one.lawful_basis,
    proof,
    atRisk,
    noConsent,
    needed,
    fields: one.approved_fields,
    off: one.switched_off ?? [],
    toldWhy: prejudice.told,
    logWhy: prejudice.log,
  }
}

type RecordOfRequest = 'unknown' | 'alive' | 'set aside' | 'gone'

/** Which of the fields that are asked for the record holds: by name, nothing is opened. */
async function heldFields(tx: Tx, { subject, asked_fields }: Disclosure): Promise<Set<string>> {
  if (!subject) return new Set()
  const rows = await tx
    .selectFrom('sealed_value')
    .select('field')
    .where('dossier_id', '=', subject)
    .where('field', 'in', asked_fields)
    .execute()
  return new Set(rows.map(row => row.field))
}

async function recordOf(house: House, { subject }: Disclosure): Promise<RecordOfRequest> {
  if (!subject) return 'unknown'
  const living = await house.vault.record(subject)
  if (living?.state !== 'alive') return 'gone'
  return living.restricted ? 'set aside' : 'alive'
}

interface OpenAbout {
  href: string
  says: string
  erases: boolean
}

/** What else is open about the same person: of others, and their own. */
async function othersAbout(tx: Tx, one: Disclosure): Promise<OpenAbout[]> {
  if (!one.subject || one.closed_at) return []
  const others = await tx
    .selectFrom('disclosure')
    .select(['dossier_id', 'reference', 'type'])
    .where('subject', '=', one.subject)
    .where('dossier_id', '!=', one.dossier_id)
    .where('closed_at', 'is', null)
    .orderBy('asked_at')
    .execute()
  const own = await tx
    .selectFrom('rights_case')
    .select(['dossier_id', 'reference', 'matter'])
    .where('subject', '=', one.subject)
    .where('closed_at', 'is', null)
    .orderBy('received_at')
    .execute()
  return [
    ...others.map(({ dossier_id, reference, type }) => ({
      href: `${desk}/${dossier_id}`,
      says: `${reference}: ${disclosureTypes[type].says}`,
      erases: false,
    })),
    ...own.map(({ dossier_id, reference, matter }) => ({
      href: `${casesPath}/${dossier_id}`,
      says: `${reference}: ${matters[matter].says}`,
      erases: matter === 'erasure',
    })),
  ]
}
