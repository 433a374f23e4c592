import { londonDate, sayDate, sayInstant } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { notFound } from '#src/platform/web/errors.ts'
import type { House } from '../house.ts'
import { atDesk, casesPath, staffOf } from '../rights/desk.ts'
import { matters } from '../rights/rights.ts'
import { sayWhen } from '../rights/when.ts'
import { atRisk, noConsent, proofs, whyAsked } from './basis.ts'
import { crumbs, desk, items, rightItems, type ShowDisclosure, view } from './desk.ts'
import { type Disclosure, disclosureById } from './disclosure.ts'
import { ownAs } from './ending.ts'
import { sayOfPerson } from './extract.ts'
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
      return { ...held, record: await recordOf(house, held.one), others: await othersAbout(tx, held.one) }
    })
    const { one, requester, account } = shown
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
      askedFor: one.asked_fields.map(sayOfPerson).join(', '),
      approved: one.approved_fields.map(sayOfPerson).join(', ') || 'nothing',
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
      fields: one.asked_fields.map(value => ({ value, text: sayOfPerson(value) })),
      proofs: items(proofs),
      atRisk: items(atRisk),
      noConsent: items(noConsent),
      refusals: Object.entries(refusals)
        .filter(([ground]) => one.subject || ['unproved', 'unclear', 'not held'].includes(ground))
        .map(([value, { says: text }]) => ({ value, text })),
      off: rightItems(one.switched_off ?? []),
      values: {},
      ...more,
    })
  }
}

export type RecordOfRequest = 'unknown' | 'alive' | 'set aside' | 'gone'

async function recordOf(house: House, { subject }: Disclosure): Promise<RecordOfRequest> {
  if (!subject) return 'unknown'
  const living = await house.vault.record(subject)
  if (living?.state !== 'alive') return 'gone'
  return living.restricted ? 'set aside' : 'alive'
}

export interface OpenAbout {
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
