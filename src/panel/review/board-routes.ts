import type { FastifyInstance } from 'fastify'
import { sayInstant } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { notFound } from '#src/platform/web/errors.ts'
import type { House } from '#src/promises/house.ts'
import { questionsOf } from '../recruitment/round.ts'
import { needsOf, panelOf, whyShort } from './assign.ts'
import { type ByRound, crumbs, officer, onRound, type Reviewers, scaleWords, view } from './desk.ts'
import { quietFor } from './quiet.ts'
import { type Result, resultsOf } from './results.ts'
import { samples, samplesOf } from './samples.ts'
import { type Review, reviewOf } from './setup.ts'
import { spread } from './spread.ts'

/** The officer's board: how far reading has come, by reviewer, and what stands in its way. */
export async function boardRoutes(app: FastifyInstance, house: House, reviewers: Reviewers): Promise<void> {
  app.get<ByRound>('/staff/review/:round', officer, async (request, reply) => {
    const shown = await onRound(house, request, async (tx, by, round) => {
      const review = await reviewOf(tx, round.id)
      if (!review) throw notFound()
      return {
        round,
        review,
        me: by.id,
        questions: await questionsOf(tx, round.id),
        names: new Map((await reviewers(tx, house, by)).map(one => [one.id, one.name])),
        scored: await tx.selectFrom('review_sample').selectAll().where('round_id', '=', round.id).execute(),
        ...(await missing(tx, review)),
        ...(await resultsOf(tx, review)),
      }
    })
    const { review, results, scored } = shown
    const now = house.clock.now()
    const over = now >= review.deadline
    const count = (test: (one: Result) => unknown) => results.filter(test).length
    const base = `/staff/review/${shown.round.id}`
    const readers = shown.readers.map(one => ({
      ...one,
      name: shown.names.get(one.reader) ?? `Reviewer ${one.number}`,
      overdue: over && one.assigned > 0,
      quiet: quietFor(one, review.opened_at, now),
      last: one.lastAt ? sayInstant(one.lastAt) : '–',
      samples: scored.filter(row => row.reader === one.reader).length,
    }))
    const mine = readers.find(one => one.reader === shown.me && !one.left)
    return reply.page(view('board'), {
      title: `Review of ${shown.round.name}`,
      crumbs,
      wide: true,
      round: shown.round,
      review,
      why: shown.why,
      ungiven: review.opened_at ? shown.ungiven : 0,
      over,
      deadline: sayInstant(review.deadline),
      tiles: [
        { count: results.length, says: 'applications' },
        { count: count(one => one.readings > 0 && one.waiting === 0), says: 'read' },
        { count: count(one => one.waiting > 0), says: 'to read' },
        { count: count(one => one.split), says: 'split', href: `${base}/results?show=split#split` },
        { count: count(one => one.flagged), says: 'flagged', href: `${base}/flags` },
      ],
      readers,
      ready: readers.filter(one => !one.left && one.samples >= samples.length).length,
      all: readers.filter(one => !one.left).length,
      // Whoever reads too scores the samples before they see how others did: scores are independent until given.
      ownFirst: mine && !review.opened_at && mine.samples < samples.length,
      samples: samplesOf(review, shown.questions).map(({ number, text }) => {
        const values = scored.filter(row => row.sample === number)
        const given = values.map(row => row.value)
        return {
          text,
          scores: readers.map(one => {
            const value = values.find(row => row.reader === one.reader)?.value
            return scaleWords[review.scale].find(word => word.value === value)?.text ?? '–'
          }),
          spread: given.length > 1 ? Math.max(...given) - Math.min(...given) : '–',
        }
      }),
    })
  })
}

/** What is not given out yet, and why it cannot be, if it cannot. */
async function missing(tx: Tx, review: Review): Promise<{ ungiven: number; why: string | undefined }> {
  const needs = await needsOf(tx, review)
  if (!needs.size) return { ungiven: 0, why: undefined }
  const panel = await panelOf(tx, review, needs)
  const { short } = spread(panel, review.seed)
  return { ungiven: [...needs.values()].reduce((sum, one) => sum + one, 0), why: whyShort(panel, short) }
}
