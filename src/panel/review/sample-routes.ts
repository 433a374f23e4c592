import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { forbidden, notFound } from '#src/platform/web/errors.ts'
import { refuse } from '#src/platform/web/form.ts'
import type { House } from '#src/promises/house.ts'
import { questionsOf } from '../recruitment/round.ts'
import { fieldsOf, staffOf, textOf } from '../recruitment/rounds/desk.ts'
import { type ByRound, reviewer, scaleWords, view } from './desk.ts'
import { topOf } from './needs.ts'
import { asReader } from './reader-desk.ts'
import { samples, samplesOf } from './samples.ts'
import { criteriaOf } from './setup.ts'

/** Five invented answers that every reviewer scores, and sees side by side with the others' once reading begins. */
export async function sampleRoutes(app: FastifyInstance, house: House): Promise<void> {
  const show = async (request: FastifyRequest<ByRound>, reply: FastifyReply, more: object = {}) => {
    const by = staffOf(request)
    const shown = await asReader(house, request, async (tx, round, review) => ({
      round,
      review,
      rows: await tx.selectFrom('review_sample').selectAll().where('round_id', '=', round.id).execute(),
      questions: await questionsOf(tx, round.id),
      ...(await criteriaOf(tx, round.id)),
    }))
    const { review, rows, round, questions } = shown
    if (!review.calibrating_at) throw notFound()
    const words = scaleWords[review.scale]
    const say = (value: number | undefined) => words.find(one => one.value === value)?.text ?? 'No score'
    return reply.page(view('samples'), {
      title: review.opened_at ? 'Samples, side by side' : 'Score five samples',
      back: `/staff/review/${round.id}/reading`,
      round,
      open: Boolean(review.opened_at),
      guide: shown.criteria.map(one => one.name),
      samples: samplesOf(review, questions).map(one => {
        const given = rows.filter(row => row.sample === one.number)
        const own = given.find(row => row.reader === by.id)?.value
        return {
          ...one,
          own: say(own),
          all: words.map(word => ({ text: word.text, count: given.filter(row => row.value === word.value).length })),
          items: words.map(word => ({ ...word, checked: own === word.value })),
        }
      }),
      ...more,
    })
  }
  app.get<ByRound>('/staff/review/:round/samples', reviewer, (request, reply) => show(request, reply))
  app.post<ByRound>('/staff/review/:round/samples/scores', reviewer, async (request, reply) => {
    const fields = fieldsOf(request.body)
    const faults: Record<string, string> = {}
    const round = await asReader(house, request, async (tx, found, review) => {
      if (!review.calibrating_at) throw notFound()
      if (review.opened_at) throw forbidden('Reading has begun: the samples are scored.')
      for (let sample = 1; sample <= samples.length; sample++) {
        const value = Number(textOf(fields, `sample${sample}`))
        if (!Number.isInteger(value) || value < 1 || value > topOf(review.scale)) {
          faults[`sample${sample}`] = `Select a score for sample ${sample}`
          continue
        }
        const row = { round_id: found.id, reader: staffOf(request).id, sample, value }
        await tx
          .insertInto('review_sample')
          .values(row)
          .onConflict(on => on.columns(['round_id', 'reader', 'sample']).doUpdateSet({ value }))
          .execute()
      }
      return found
    })
    if (Object.keys(faults).length) return show(request, reply.code(422), refuse(faults))
    return reply.redirect(`/staff/review/${round.id}/reading`, 303)
  })
}
