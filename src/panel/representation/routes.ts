import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { sayDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { isPractice } from '#src/platform/database/world.ts'
import { forbidden, notFound } from '#src/platform/web/errors.ts'
import { type House, within } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { freeze, populationsOf } from '#src/promises/tally/population.ts'
import { groupsOf, keyOf, type Table } from '#src/promises/tally/table.ts'
import { type Release, releasesOf, TooClose } from '#src/promises/tally/tally.ts'
import { SpecialDataStopped } from '#src/promises/vault/vault.ts'
import { applicantsOf } from '../recruitment/application.ts'
import { type Round, roundById, rounds, stateOf } from '../recruitment/round.ts'
import { may } from './permissions.ts'
import { tables } from './tables.ts'

const counts = { config: { may: may.count } }
const crumbs = [{ text: 'Representation', href: '/staff/representation' }]
const roundParam = z.object({ round: z.uuid() })

/** Who applied and who sits on the panel, in groups: counts of frozen populations, and never a person. */
export async function representationRoutes(app: FastifyInstance, house: House): Promise<void> {
  app.get('/staff/representation', counts, async (request, reply) => {
    const closed = await counting(house, request, async tx =>
      (await rounds(tx)).filter(round => stateOf(round, house.clock.now()) === 'closed'),
    )
    return reply.page('panel/representation/rounds.njk', { title: 'Representation', rounds: closed })
  })

  app.get('/staff/representation/:round', counts, async (request, reply) => {
    const query = request.query && typeof request.query === 'object' ? request.query : {}
    const shown = await counting(house, request, async tx => {
      const round = await closedRound(tx, house, request)
      const groups = await Promise.all(
        (await populationsOf(tx, round.id)).map(async population => {
          const released = await releasesOf(tx, population, tables)
          return { population, when: sayDate(population.frozenAt), tables: released.map(tableShown) }
        }),
      )
      return { round, groups: groups.filter(group => group.tables.length) }
    })
    return reply.page('panel/representation/round.njk', {
      title: shown.round.name,
      crumbs,
      wide: true,
      close: 'close' in query,
      ...shown,
    })
  })

  app.post('/staff/representation/:round', counts, async (request, reply) => {
    const why = await counting(house, request, async (tx, by) => {
      const round = await closedRound(tx, house, request)
      const people = await applicantsOf(tx, round.id)
      return countAll(tx, house, by, { name: 'applicants', of: round.id }, people)
    })
    const { round } = roundParam.parse(request.params)
    return reply.redirect(`/staff/representation/${round}${why ? `?${why}` : ''}`, 303)
  })
}

/**
 * Freezes a group of a round and counts it by every declared table. Ethnicity is left out while no policy document is
 * in force; returns `close` when the group differs too little from one that was counted before.
 */
export async function countAll(
  tx: Tx,
  house: House,
  by: Actor,
  named: Parameters<typeof freeze>[2],
  people: readonly string[],
): Promise<'close' | undefined> {
  if (isPractice()) return undefined // invented people are in no count
  const population = await freeze(tx, by, named, people, house.clock.now())
  for (const table of tables) {
    try {
      await house.vault.tally(tx, { by, for: 'representativeness' }, population, table, tables)
    } catch (error) {
      if (error instanceof TooClose) return 'close'
      if (!(error instanceof SpecialDataStopped)) throw error
    }
  }
  return undefined
}

function counting<T>(house: House, request: FastifyRequest, work: (tx: Tx, by: Actor) => Promise<T>): Promise<T> {
  const by = request.actor
  if (!by) throw forbidden()
  return within(house, { by, for: 'representativeness' }, tx => work(tx, by))
}

async function closedRound(tx: Tx, house: House, request: FastifyRequest): Promise<Round> {
  const params = roundParam.safeParse(request.params)
  const round = params.success ? await roundById(tx, params.data.round) : undefined
  if (!round || stateOf(round, house.clock.now()) !== 'closed') throw notFound()
  return round
}

/** A released table as rows of cells: a number, or that it is not shown. */
export function tableShown({ table, cells, threshold }: Release) {
  const [down, across] = table.dimensions
  const text = (key: string) => {
    const value = cells.get(key)
    return value === null || value === undefined ? 'not shown' : `${value}`
  }
  const columns = across ? [...groupsOf(across).map(([, words]) => words), 'All'] : ['People']
  const rowKeys = (group: string | undefined) => {
    const base = group === undefined ? [] : [{ name: down.name, group }]
    if (!across) return [keyOf(base)]
    return [...groupsOf(across).map(([code]) => keyOf([...base, { name: across.name, group: code }])), keyOf(base)]
  }
  const rows = [
    ...groupsOf(down).map(([code, words]) => ({ words, cells: rowKeys(code).map(text) })),
    { words: 'All', cells: rowKeys(undefined).map(text) },
  ]
  return { says: table.says, threshold, columns, rows, name: nameOf(table) }
}

function nameOf(table: Table): string {
  return `table-${table.name}`
}
