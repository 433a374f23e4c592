import type { FastifyInstance } from 'fastify'
import { sayDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { pageOf, pagination } from '#src/platform/web/paging.ts'
import type { House } from '#src/promises/house.ts'
import { councilByCode, regions } from '../councils.ts'
import { may } from '../permissions.ts'
import { type Round, roundById, rounds, stateOf } from '../round.ts'
import { atDesk, fieldsOf, textOf } from '../rounds/desk.ts'
import { countApplications, findApplications, type Wanted } from './find.ts'

export const viaWords = { web: 'Online', phone: 'By phone', post: 'By post', import: 'Imported' } as const
export const stateTags = {
  draft: { text: 'Not sent', classes: 'govuk-tag--grey' },
  sent: { text: 'Sent', classes: 'govuk-tag--green' },
  withdrawn: { text: 'Withdrawn', classes: 'govuk-tag--orange' },
} as const

const choices = {
  state: [
    { value: 'all', text: 'All' },
    { value: 'sent', text: 'Sent' },
    { value: 'withdrawn', text: 'Withdrawn' },
  ],
  via: [{ value: 'all', text: 'Any way' }, ...Object.entries(viaWords).map(([value, text]) => ({ value, text }))],
  flag: [
    { value: 'all', text: 'Any or none' },
    { value: 'landlord', text: 'Landlord not listed' },
    { value: 'special', text: 'Marked: may tell of health or ethnicity' },
  ],
  region: [
    { value: 'all', text: 'All of England' },
    ...Object.entries(regions).map(([value, text]) => ({ value, text })),
  ],
  sort: [
    { value: 'newest', text: 'Newest first' },
    { value: 'oldest', text: 'Oldest first' },
    { value: 'reference', text: 'By reference' },
  ],
} as const

/** The officer's list of applications. It shows names and areas of the page in hand alone. */
export async function listRoutes(app: FastifyInstance, house: House): Promise<void> {
  app.get('/staff/applications', { config: { may: may.readApplications } }, async (request, reply) => {
    const fields = fieldsOf(request.query)
    const page = pageOf(request.query)
    const view = 'panel/recruitment/list/applications.njk'
    const shown = await atDesk(house, request, async (tx, by) => {
      const published = (await rounds(tx)).filter(round => round.publishedAt)
      const round = await roundInHand(tx, house, textOf(fields, 'round'), published)
      if (!round) return undefined
      const wanted = wantedOf(fields, round.id)
      const counts = await countApplications(tx, round.id)
      const { ids, total } = await findApplications(tx, house, by, wanted, page)
      return { published, round, wanted, counts, total, rows: await rowsOf(tx, house, by, ids) }
    })
    if (!shown) return reply.page(view, { title: 'Applications', wide: true })
    const { wanted } = shown
    const held: Record<string, string> = { ...wanted }
    const href = (number: number) =>
      `/staff/applications?${new URLSearchParams({ ...wanted, ...(number > 1 ? { page: String(number) } : {}) })}`
    return reply.page(view, {
      title: 'Applications',
      wide: true,
      ...shown,
      notice: importedWords(textOf(fields, 'imported')),
      rounds: shown.published.map(({ id, name }) => ({ value: id, text: name, selected: id === shown.round.id })),
      choices: Object.fromEntries(
        Object.entries(choices).map(([name, items]) => [
          name,
          items.map(item => ({ ...item, selected: held[name] === item.value })),
        ]),
      ),
      from: page.from + 1,
      to: page.from + shown.rows.length,
      pages: pagination(page, shown.total, href),
    })
  })
}

function importedWords(count: string): string | undefined {
  if (!/^\d{1,5}$/.test(count)) return undefined
  return count === '1' ? '1 application is imported.' : `${count} applications are imported.`
}

/** The round that is asked for, else the one that is open, else the newest. */
export async function roundInHand(tx: Tx, house: House, asked: string, published: Round[]): Promise<Round | undefined> {
  const wanted = asked ? await roundById(tx, asked) : undefined
  const open = published.find(round => stateOf(round, house.clock.now()) === 'open')
  return wanted?.publishedAt ? wanted : (open ?? published[0])
}

function wantedOf(fields: { [field: string]: unknown }, round: string): Wanted {
  const pick = <T extends string>(name: string, items: readonly { value: T }[]): T | undefined =>
    items.find(item => item.value === fields[name])?.value
  return {
    round,
    state: (pick('state', choices.state) ?? 'all') as Wanted['state'],
    via: (pick('via', choices.via) ?? 'all') as Wanted['via'],
    flag: pick('flag', choices.flag) ?? 'all',
    region: pick('region', choices.region) ?? 'all',
    sort: pick('sort', choices.sort) ?? 'newest',
    text: textOf(fields, 'text').slice(0, 100),
  }
}

/** What the list shows of each application: what is in clear, and the names and areas of those that stand. */
export async function rowsOf(tx: Tx, house: House, by: Parameters<typeof findApplications>[2], ids: string[]) {
  if (!ids.length) return []
  const rows = await tx.selectFrom('application').selectAll().where('dossier_id', 'in', ids).execute()
  const standing = rows.filter(row => row.state === 'sent').map(row => row.dossier_id)
  const ask = { by, for: 'administer the panel', fields: ['name', 'area'] } as const
  const opened = new Map((await house.vault.open(tx, 'panel', ask, standing)).map(one => [one.id, one]))
  return ids.flatMap(id => {
    const row = rows.find(one => one.dossier_id === id)
    if (!row) return []
    const person = opened.get(id)
    return {
      id,
      reference: row.reference,
      name: person?.name ?? '',
      area: councilByCode(person?.area ?? '')?.name ?? '',
      received: row.received_on ? sayDate(row.received_on) : row.sent_at ? sayDate(row.sent_at) : '',
      via: viaWords[row.received_via],
      tag: stateTags[row.state],
      flags: [...(row.landlord_unlisted ? ['Landlord not listed'] : []), ...(row.marked_special ? ['Marked'] : [])],
    }
  })
}
