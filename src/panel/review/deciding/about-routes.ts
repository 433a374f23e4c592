import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { sayInstant } from '#src/platform/calendar/london.ts'
import { notFound } from '#src/platform/web/errors.ts'
import type { House } from '#src/promises/house.ts'
import { applicationOf } from '../../recruitment/application.ts'
import { questionsOf } from '../../recruitment/round.ts'
import { atDesk } from '../../recruitment/rounds/desk.ts'
import { decisionRows } from '../decisions.ts'
import { closedRound, crumbs, officer, type Reviewers, scaleWords, view } from '../desk.ts'
import { readNotes } from '../score.ts'
import { reviewOf } from '../setup.ts'
import { sayReason, sayVerdict } from './acts.ts'
import { aloneReasons } from './confirm.ts'
import { historyOf } from './history.ts'

const states = {
  assigned: 'Not finished',
  done: 'Finished',
  abstained: 'Chose not to score',
  conflict: 'Set aside: may know the person',
  released: 'Given to someone else',
} as const
const hows = { declared: 'declared', said: 'said while reading', 'typed in': 'typed the application in' } as const

/** How a decision about one application came about: criteria, readings, conflicts and every decision, for as long as it lives. */
export async function aboutRoutes(app: FastifyInstance, house: House, staff: Reviewers): Promise<void> {
  app.get<{ Params: { round: string; id: string } }>(
    '/staff/review/:round/decisions/about/:id',
    officer,
    async (request, reply) => {
      const { id } = request.params
      const shown = await atDesk(house, request, async (tx, by) => {
        const round = await closedRound(tx, house, request.params.round)
        const application = z.uuid().safeParse(id).success ? await applicationOf(tx, id) : undefined
        if (application?.roundId !== round.id || application.state === 'draft') throw notFound()
        const ask = { by, for: 'administer the panel', fields: ['reviewNotes', 'decisionReason'] } as const
        const [held] = await house.vault.open(tx, 'panel', ask, [id])
        return {
          round,
          application,
          review: await reviewOf(tx, round.id),
          questions: await questionsOf(tx, round.id),
          history: await historyOf(tx, round.id, id),
          decisions: await decisionRows(tx, round.id, id),
          names: new Map((await staff(tx, house, by)).map(one => [one.id, one.name])),
          notes: readNotes(held?.reviewNotes),
          words: held?.decisionReason?.split('\n') ?? [],
        }
      })
      const { history, questions, review, round, names } = shown
      const titles = new Map(questions.map(one => [one.id, one.title]))
      const name = (who: string | null) => (who ? (names.get(who) ?? 'someone who has left') : '')
      return reply.page(view('deciding/about'), {
        title: `How it came about: ${shown.application.reference}`,
        crumbs: [...crumbs, { text: 'Decisions', href: `/staff/review/${round.id}/decisions` }],
        id,
        withdrawn: shown.application.state === 'withdrawn',
        decisions: shown.decisions.map(row => ({
          verdict: sayVerdict(row.verdict),
          reason: sayReason(row.verdict, row.reason),
          rule: row.rule,
          who: name(row.decided_by),
          when: sayInstant(row.decided_at),
          second: row.alone
            ? `Confirmed alone: ${aloneReasons[row.alone].toLowerCase()}`
            : row.ended_by
              ? `Confirmed by ${name(row.ended_by)}, ${row.ended_at ? sayInstant(row.ended_at) : ''}`
              : '',
          told: row.told_at ? sayInstant(row.told_at) : '',
        })),
        words: shown.words,
        readings: history.readings.map(row => ({
          reader: `Reviewer ${row.number}`,
          state: states[row.state],
          anonymous: row.anonymous,
          flagged: row.flagged_at ? sayInstant(row.flagged_at) : '',
          scores: history.scores
            .filter(one => one.reading_id === row.id)
            .map(one => {
              const criterion = history.criteria
                .find(version => version.version === one.version)
                ?.criteria.find(each => each.question === one.question)
              const words = review && scaleWords[review.scale].find(each => each.value === one.value)?.text
              return {
                question: titles.get(one.question) ?? '',
                name: criterion?.name ?? '',
                value: one.value === null ? 'Not scored' : (words ?? String(one.value)),
                means: one.value === null ? '' : (criterion?.values[one.value - 1] ?? ''),
                version: one.version,
                when: sayInstant(one.at),
                words: shown.notes[row.id]?.[one.question] ?? '',
              }
            }),
        })),
        conflicts: history.conflicts.map(row => ({
          reader: `Reviewer ${row.number}`,
          how: hows[row.how],
          when: sayInstant(row.at),
        })),
        versions: history.criteria.map(row => ({
          version: row.version,
          when: sayInstant(row.made_at),
          who: name(row.made_by),
          because: row.because,
          weights: row.criteria.map(one => ({ name: one.name, weight: one.weight })),
        })),
      })
    },
  )
}
