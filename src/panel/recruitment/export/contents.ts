import { londonDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { councilByCode, regionOf } from '../councils.ts'
import { ageRanges, channels, genders, tenancies, wordsOf } from '../options.ts'
import type { Question } from '../round.ts'
import { addressValue, answersValue } from '../values.ts'

/** [N-38] What an export may be for: these purposes of the notice and no other, so that none can be for marketing. */
export const exportPurposes = ['administer the panel', 'review applications'] as const
export type ExportPurpose = (typeof exportPurposes)[number]

interface Sent {
  dossier_id: string
  reference: string
  received_on: string | null
  sent_at: Date | null
}

interface Asked {
  contact: boolean
  questions: readonly Question[]
  sent: readonly Sent[]
}

type Table = { header: string[]; rows: string[][] }

/** The rows of an export: the fields that its purpose opens, and no others. Special categories are never exported. */
export function contentsFor(tx: Tx, house: House, by: Actor, purpose: ExportPurpose, asked: Asked): Promise<Table> {
  if (purpose === 'review applications') return forReview(tx, house, by, asked)
  return asked.contact ? withContact(tx, house, by, asked) : forAdministration(tx, house, by, asked)
}

async function forReview(tx: Tx, house: House, by: Actor, { sent, questions }: Asked): Promise<Table> {
  const ask = { by, for: 'review applications', fields: ['answers'] } as const
  const opened = await house.vault.open(tx, 'panel', ask, idsOf(sent))
  const references = byId(sent)
  const rows = opened.map(one => {
    const answers = answersValue.read(one.answers) ?? {}
    return [references.get(one.id)?.reference ?? '', ...questions.map(({ id }) => answers[id] ?? '')]
  })
  return { header: ['Reference', ...questions.map(({ title }) => title)], rows }
}

async function forAdministration(tx: Tx, house: House, by: Actor, { sent }: Asked): Promise<Table> {
  const ask = { by, for: 'administer the panel', fields: groupFields } as const
  const opened = await house.vault.open(tx, 'panel', ask, idsOf(sent))
  const references = byId(sent)
  return {
    header: [...homeHeader, ...groupHeader],
    rows: opened.map(one => [...homeOf(references, one), ...groupOf(one)]),
  }
}

async function withContact(tx: Tx, house: House, by: Actor, { sent }: Asked): Promise<Table> {
  const fields = [...groupFields, 'name', 'email', 'phone', 'address', 'channel'] as const
  const ask = { by, for: 'administer the panel', fields } as const
  const opened = await house.vault.open(tx, 'panel', ask, idsOf(sent))
  const references = byId(sent)
  const rows = opened.map(one => {
    const address = addressValue.read(one.address)
    const post = address ? [...address.lines, address.postcode].join(', ') : ''
    const contact = [one.name ?? '', one.email ?? '', one.phone ?? '', post, wordsOf(channels, one.channel)]
    return [...homeOf(references, one), ...groupOf(one), ...contact]
  })
  const header = ['Name', 'Email address', 'Phone number', 'Postal address', 'Wants to hear by']
  return { header: [...homeHeader, ...groupHeader, ...header], rows }
}

const homeHeader = ['Reference', 'Received', 'Landlord', 'Council area', 'Region']
const groupFields = ['landlord', 'area', 'tenancy', 'ageRange', 'gender', 'termsServed'] as const
const groupHeader = ['How they rent or own their home', 'Age range', 'Gender', 'Terms served before']

function homeOf(sent: Map<string, Sent>, one: { id: string; landlord?: string; area?: string }): string[] {
  const row = sent.get(one.id)
  const received = row?.received_on ?? (row?.sent_at ? londonDate(row.sent_at) : '')
  const area = one.area ?? ''
  return [row?.reference ?? '', received, one.landlord ?? '', councilByCode(area)?.name ?? '', regionOf(area) ?? '']
}

function groupOf(one: { tenancy?: string; ageRange?: string; gender?: string; termsServed?: string }): string[] {
  return [
    wordsOf(tenancies, one.tenancy),
    wordsOf(ageRanges, one.ageRange),
    wordsOf(genders, one.gender),
    one.termsServed ?? '',
  ]
}

function idsOf(sent: readonly Sent[]): string[] {
  return sent.map(row => row.dossier_id)
}

function byId(sent: readonly Sent[]): Map<string, Sent> {
  return new Map(sent.map(row => [row.dossier_id, row]))
}
