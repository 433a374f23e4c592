import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { sayDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { forbidden, notFound } from '#src/platform/web/errors.ts'
import { type House, within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { populationsOf } from '#src/promises/tally/population.ts'
import { thresholdOf } from '#src/promises/tally/table.ts'
import { releasesOf } from '#src/promises/tally/tally.ts'
import { roundById } from '../../recruitment/round.ts'
import { tableShown } from '../../representation/routes.ts'
import { tables } from '../../representation/tables.ts'
import { chancesOf, proofOf } from './chances.ts'
import { features } from './features.ts'
import { may } from './permissions.ts'
import { bounds, readFor } from './pool.ts'
import { referenceOf } from './reference.ts'
import { type Run, runById } from './run.ts'

const by = system('web')
const files = {
  'lottery.json': (run: Run) => run.published,
  'commitment.txt': (run: Run) => run.commitment && `${run.commitment}\n`,
  'draw.json': (run: Run) => run.draw && `${JSON.stringify(run.draw)}\n`,
} as const

/** What anyone may see of a selection: how it was made, and the files that check it; no names, no small groups. */
export async function publicSelectionRoutes(app: FastifyInstance, house: House): Promise<void> {
  const anyone = { config: { may: 'anyone' } }

  app.get('/selection/:run', anyone, async (request, reply) => {
    const shown = await within(house, { by, for: 'representativeness' }, async tx => {
      const run = await published(tx, house, request.params)
      const round = await roundById(tx, run.round_id)
      if (!round || run.state !== 'accepted') throw notFound()
      const before = await tx
        .selectFrom('selection_run')
        .select(['started_at', 'state', 'because', 'decided_because'])
        .where('round_id', '=', run.round_id)
        .where('id', '!=', run.id)
        .orderBy('started_at')
        .execute()
      const groups = []
      for (const population of run.seated ? [] : await populationsOf(tx, run.round_id)) {
        if (population.name === 'applicants') continue
        // [N-30] Ethnicity is for our own analysis: it is not published.
        const released = await releasesOf(tx, population, tables)
        const open = released.filter(one => thresholdOf(one.table) === 5)
        groups.push({ name: population.name === 'pool' ? 'The pool' : 'The panel', tables: open.map(tableShown) })
      }
      return { run, round, before, groups }
    })
    const { run } = shown
    return reply.page('panel/selection/board/public.njk', {
      title: `How the ${shown.round.name} was drawn`,
      ...shown,
      drawn: run.drawn_at && sayDate(run.drawn_at),
      decided: run.confirmed_at && sayDate(run.confirmed_at),
      before: shown.before.map(one => ({ ...one, when: sayDate(one.started_at) })),
      chances: chancesOf(run),
      proof: proofOf(run),
      reference: referenceOf(run.reference),
      reads: readFor(run.quotas, run.size).map(feature => feature.reads),
      quotas: features.flatMap(feature =>
        run.quotas
          .filter(one => one.feature === feature.name && bounds(one, run.size))
          .map(one => ({ ...one, feature: feature.says, value: feature.values[one.value] ?? one.value })),
      ),
    })
  })

  app.get('/selection/:run/:file', anyone, async (request, reply) => {
    const { file } = z
      .object({ file: z.enum(['lottery.json', 'commitment.txt', 'draw.json']).catch('lottery.json') })
      .parse(request.params)
    const run = await within(house, { by, for: 'administer the panel' }, tx => published(tx, house, request.params))
    const text = files[file](run)
    const early = file !== 'commitment.txt' && run.state === 'committed'
    if (!text || (early && file === 'draw.json')) throw notFound()
    return reply
      .header('content-disposition', `attachment; filename="${file}"`)
      .type(file.endsWith('.json') ? 'application/json' : 'text/plain')
      .send(text)
  })

  /** Each applicant: how the draw worked, and their own chance when they ask for it. */
  app.get('/me/draw', { config: { may: may.seeOwn } }, async (request, reply) => {
    const me = request.actor
    if (!me) throw forbidden()
    const asked = new URL(request.url, 'http://localhost').searchParams.has('chance')
    const shown = await within(house, { by: me, for: 'administer the panel' }, async tx => {
      const place = await tx
        .selectFrom('selection_place')
        .innerJoin('selection_run', 'selection_run.id', 'selection_place.run_id')
        .select(['run_id', 'chance', 'ticket', 'outcome', 'pool_size', 'size', 'seated', 'quotas'])
        .where('dossier_id', '=', me.id)
        .where('state', '=', 'accepted')
        .where(eb => eb.or([eb('outcome', 'is', null), eb('outcome', '!=', 'seated')]))
        .orderBy('confirmed_at', 'desc')
        .executeTakeFirst()
      return place
    })
    return reply.page('panel/selection/board/mine.njk', {
      title: 'How the draw worked',
      back: '/me',
      place: shown,
      asked,
      reads: shown && readFor(shown.quotas, shown.size).map(feature => feature.reads),
      chance: shown && sayChance(shown.chance),
    })
  })
}

/** A chance as a person reads it; undefined where there was none. */
function sayChance(chance: number): string | undefined {
  if (chance < 1e-9) return undefined
  return chance < 0.1 ? `1 in ${Math.round(1 / chance)}` : `${Math.round(100 * chance)} in 100`
}

async function published(tx: Tx, house: House, params: unknown): Promise<Run> {
  const id = z.object({ run: z.uuid() }).safeParse(params)
  const run = id.success ? await runById(tx, house, id.data.run) : undefined
  if (!run || !['committed', 'drawn', 'accepted'].includes(run.state)) throw notFound()
  return run
}
