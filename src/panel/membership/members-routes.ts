import type { FastifyInstance } from 'fastify'
import { londonDate, sayDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { clean } from '#src/platform/web/form.ts'
import { pageOf, pagination } from '#src/platform/web/paging.ts'
import type { House } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { regionOf } from '../recruitment/councils.ts'
import { channels, codesOf, wordsOf } from '../recruitment/options.ts'
import { atDesk, fieldsOf, textOf } from '../recruitment/rounds/desk.ts'
import { findMembers, type Kind, kinds } from './listing.ts'
import { type Member, sayState } from './members.ts'
import { interests } from './own/options.ts'
import { may } from './permissions.ts'
import { type Places, placesOf } from './places.ts'

const officer = { config: { may: may.lookAfterMembers } }
const base = '/staff/members'

/** How the panel stands, and its members by name: in office, paused, leaving, at the end of a term, or gone. */
export async function membersRoutes(app: FastifyInstance, house: House): Promise<void> {
  app.get(base, officer, async (request, reply) => {
    const today = londonDate(house.clock.now())
    const fields = fieldsOf(request.query)
    const text = clean(textOf(fields, 'name')).slice(0, 200)
    const asked = codesOf(kinds).find(one => one === fields.show)
    const interest = codesOf(interests).find(one => one === fields.interest)
    const at = pageOf(request.query, 50)
    const shown = await atDesk(house, request, async (tx, by) => {
      const { found, kind, counts } = await findMembers(tx, house, by, { kind: asked, text, interest, today })
      const here = found.slice(at.from, at.from + at.size)
      const places = await placesOf(tx, house.clock.now())
      return { total: found.length, kind, counts, places, rows: await rowsOf(tx, house, by, here, today) }
    })
    const { kind, counts, places, total, rows } = shown
    const query = { show: kind, name: text, interest: interest ?? '' }
    return reply.page('panel/membership/members.njk', {
      title: 'Members',
      wide: true,
      total,
      rows,
      places,
      text,
      says: [
        kinds[kind].toLowerCase(),
        interest && `interested in ${interests[interest].toLowerCase()}`,
        text && `with “${text}” in their name`,
      ]
        .filter(Boolean)
        .join(', '),
      isAll: (kind === 'in-office' || kind === 'starting') && !text && !interest,
      tiles: tilesOf(counts, places, kind),
      kinds: Object.entries(kinds).map(([value, says]) => ({ value, text: says, selected: value === kind })),
      interests: [
        { value: '', text: 'Anything' },
        ...Object.entries(interests).map(([value, says]) => ({ value, text: says, selected: value === interest })),
      ],
      pages: pagination(at, total, page => `${base}?${new URLSearchParams({ ...query, page: String(page) })}`),
    })
  })
}

/** Where the panel stands, each number a link to those it counts. Nothing where nobody was ever in office. */
function tilesOf(counts: Record<Kind, number>, places: readonly Places[], shown: Kind) {
  const begun = places.filter(one => one.begun)
  const sizeOf = (started: boolean) => begun.reduce((sum, one) => (one.started === started ? sum + one.size : sum), 0)
  const ofSize = (size: number) => (size ? `, of ${size} ${size === 1 ? 'place' : 'places'}` : '')
  const free = begun.filter(one => one.free)
  const [only, ...more] = free
  const listed = (kind: Kind, says: string) => ({
    count: counts[kind],
    says,
    href: `${base}?show=${kind}`,
    isShown: kind === shown,
  })
  if (!begun.length && !counts['in-office'] && !counts.starting && !counts.former) return []
  return [
    listed('in-office', `in office${ofSize(sizeOf(true))}`),
    ...(counts.starting ? [listed('starting', `start later${ofSize(sizeOf(false))}`)] : []),
    listed('paused', 'paused'),
    listed('leaving', 'leaving'),
    listed('ending', counts.ending === 1 ? 'term ends within six months' : 'terms end within six months'),
    {
      count: free.reduce((sum, one) => sum + one.free, 0),
      says: only?.free === 1 && !more.length ? 'place free' : 'places free',
      href: only && !more.length ? `${base}/offers/${only.round}` : '#places',
      isShown: false,
    },
  ]
}

async function rowsOf(tx: Tx, house: House, by: Actor, list: readonly Member[], today: string) {
  const ask = { by, for: 'administer the panel', fields: ['name', 'area', 'channel'] } as const
  const ids = list.map(one => one.dossier_id)
  const people = new Map((await house.vault.open(tx, 'panel', ask, ids)).map(one => [one.id, one]))
  return list.map(one => {
    const person = people.get(one.dossier_id)
    return {
      id: one.dossier_id,
      name: person?.name ?? 'No longer held',
      region: regionOf(person?.area ?? '') ?? '',
      channel: wordsOf(channels, person?.channel),
      term: one.term_number,
      ends: sayDate(one.ends_on),
      state: sayState(one, today),
    }
  })
}
