import { isInOffice, memberOf } from '#src/panel/membership/members.ts'
import { offerFor } from '#src/panel/membership/offers/offers.ts'
import { inHand } from '#src/panel/recruitment/application.ts'
import { londonDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '#src/promises/house.ts'
import { ruleOf } from '#src/promises/notice/datamap.ts'

/** Where someone stands, as far as it decides what they change by themselves. */
export interface Stands {
  isMember: boolean
  /** A member, or someone who is offered a place. */
  takesPart: boolean
  /** Their application may still be changed. */
  isOpen: boolean
}

export async function standsOf(tx: Tx, house: House, id: string): Promise<Stands> {
  const member = await memberOf(tx, id)
  const isMember = member !== undefined && isInOffice(member, londonDate(house.clock.now()))
  const isOffered = (await offerFor(tx, id))?.state === 'offered'
  const application = await inHand(tx, house, id)
  return { isMember, takesPart: isMember || isOffered, isOpen: application?.open === true && !member }
}

const details: Partial<Record<string, string>> = {
  name: '/me/details/name',
  email: '/me/details/email',
  phone: '/me/details/reach',
  address: '/me/details/reach',
  channel: '/me/details/reach',
}
const taking: Partial<Record<string, string>> = {
  times: '/me/preferences',
  interests: '/me/preferences',
  supporterName: '/me/supporter',
  supporterEmail: '/me/supporter',
  supporterPhone: '/me/supporter',
}
const asMember: Partial<Record<string, string>> = { adjustments: '/me/adjustments', ethnicity: '/me/equality' }
const answers: Partial<Record<string, string>> = {
  landlord: 'landlord',
  tenancy: 'landlord',
  area: 'area',
  ageRange: 'age-range',
  gender: 'gender',
  genderDescription: 'gender',
  answers: 'skills',
  termsServed: 'terms',
  adjustments: 'adjustments',
  ethnicity: 'equality',
}
/** What the program keeps of changes: what was so then cannot be wrong now. */
const kept = new Set(['addressChanges', 'corrections', 'hiddenWords'])

/** Where a value is put right: the page where the person changes it, or else a request to us about it. */
export function whereToChange(field: string, stands: Stands): { href: string; text: string } | undefined {
  const page =
    details[field] ??
    (stands.takesPart ? taking[field] : undefined) ??
    (stands.isMember ? asMember[field] : undefined) ??
    (stands.isOpen && answers[field] ? `/apply/${answers[field]}?check=1` : undefined)
  if (page) return { href: page, text: 'Change' }
  if (kept.has(field)) return undefined
  return {
    href: `/me/data/correction/${field}`,
    text: ruleOf('panel', field)?.provenance === 'staff' ? 'Say it is wrong' : 'Ask us to correct it',
  }
}
