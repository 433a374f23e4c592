import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { sayInstant } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { forbidden, notFound } from '#src/platform/web/errors.ts'
import { type House, within } from '../house.ts'
import { type Actor, system } from '../notice/actor.ts'
import { type Clause, clauses } from '../notice/clauses.ts'
import { noticeInForce } from '../publishing/version.ts'
import { type Evidence, enforcementOf, evidenceOf, type State } from './evidence.ts'
import { type FigureProvider, figuresOf } from './figures.ts'
import { may } from './permissions.ts'
import { lastResults, sourceFingerprint } from './results.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const states: readonly State[] = ['broken', 'not built yet', 'kept with a point to settle', 'kept', 'recorded']
const tags: Record<State, { text: string; classes: string }> = {
  kept: { text: 'Kept', classes: 'govuk-tag--green' },
  'kept with a point to settle': { text: 'Kept, with a point to settle', classes: 'govuk-tag--yellow' },
  recorded: { text: 'Recorded', classes: 'govuk-tag--blue' },
  broken: { text: 'Broken', classes: 'govuk-tag--red' },
  'not built yet': { text: 'Not built yet', classes: 'govuk-tag--grey' },
}
const fingerprint = sourceFingerprint()
/** The public form is made anew at most this often: it counts the whole house, and anyone may ask. */
const publicEvery = 60_000

/** Everything that stands behind the clauses, as it is now. */
export async function gather(
  house: House,
  by: Actor,
  more: readonly FigureProvider[] = [],
): Promise<{ at: string | undefined; stale: boolean; all: (Evidence & { words: string | undefined })[] }> {
  const results = lastResults(fingerprint)
  const { figures, words } = await within(house, { by, for: 'store' }, async tx => ({
    figures: await figuresOf(tx, house, more),
    words: await wordsInForce(tx),
  }))
  return {
    at: results?.at,
    stale: results !== undefined && results.source !== fingerprint,
    all: evidenceOf(results, fingerprint, figures).map(one => ({ ...one, words: words.get(one.clause) })),
  }
}

/** The evidence page, clause by clause, the rules that it links to, and a short form of it for everyone. */
export async function evidenceRoutes(
  app: FastifyInstance,
  house: House,
  more: readonly FigureProvider[] = [],
): Promise<void> {
  const dpo = { config: { may: may.seeEvidence } }
  app.get('/staff/protection/evidence', dpo, async (request, reply) => {
    const by = request.actor
    if (!by) throw forbidden()
    const shown = await gather(house, by, more)
    return reply.page('promises/evidence/evidence.njk', {
      title: 'Evidence for every promise',
      back: '/staff/protection',
      wide: true,
      ...page(shown, stateIn(request.query)),
    })
  })

  app.get('/staff/protection/evidence/rule', dpo, async (request, reply) => {
    const { file } = z.object({ file: z.string().catch('') }).parse(request.query ?? {})
    const rule = clauses.flatMap(({ id }) => enforcementOf(id)).filter(one => one.where === file)
    if (!rule.length) throw notFound()
    return reply.page('promises/evidence/rule.njk', {
      title: file,
      crumbs: [
        { text: 'Protection', href: '/staff/protection' },
        { text: 'Evidence', href: '/staff/protection/evidence' },
      ],
      wide: true,
      says: [...new Set(rule.map(one => one.says))],
      text: readFileSync(join(root, file), 'utf8'),
    })
  })

  let kept: { until: number; shown: ReturnType<typeof gather> } | undefined
  app.get('/notice/evidence', { config: { may: 'anyone' } }, async (request, reply) => {
    const now = house.clock.now().getTime()
    if (!kept || kept.until <= now) {
      kept = { until: now + publicEvery, shown: gather(house, system('web'), more) }
      kept.shown.catch(() => {
        kept = undefined
      })
    }
    return reply.page('promises/evidence/public.njk', {
      title: 'How we keep these promises',
      back: '/notice',
      ...page(await kept.shown, stateIn(request.query)),
    })
  })
}

/** What each clause says in the notice in force. */
async function wordsInForce(tx: Tx): Promise<Map<Clause, string>> {
  const notice = await noticeInForce(tx)
  const all = (notice?.sections ?? []).flatMap(section => section.clauses)
  return new Map(all.map(one => [one.id, one.text]))
}

/** The one state that is wanted, if any. */
function stateIn(query: unknown): State | undefined {
  const wanted = z.object({ state: z.string() }).safeParse(query)
  return states.find(state => state === wanted.data?.state)
}

function page({ at, stale, all }: Awaited<ReturnType<typeof gather>>, only: State | undefined) {
  const shown = only ? all.filter(one => one.state === only) : all
  return {
    tested: at && sayInstant(new Date(at)),
    stale,
    only,
    total: all.length,
    counts: states.map(state => ({ ...tags[state], state, count: all.filter(one => one.state === state).length })),
    all: shown.map(one => ({ ...one, tag: tags[one.state], passed: one.tests.filter(test => test.passed).length })),
  }
}
