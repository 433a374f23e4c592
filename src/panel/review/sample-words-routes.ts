import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { notFound } from '#src/platform/web/errors.ts'
import { clean, refuse } from '#src/platform/web/form.ts'
import type { House } from '#src/promises/house.ts'
import { questionsOf } from '../recruitment/round.ts'
import { fieldsOf, textOf } from '../recruitment/rounds/desk.ts'
import { type ByRound, crumbs, officer, onRound, view } from './desk.ts'
import { questionOf, samples, samplesOf } from './samples.ts'
import { note, reviewOf } from './setup.ts'

const most = 1500

/** The officer looks at the five samples before they are given out, and writes others for this round's own questions. */
export async function sampleWordsRoutes(app: FastifyInstance, house: House): Promise<void> {
  const show = async (request: FastifyRequest<ByRound>, reply: FastifyReply, typed?: object, more: object = {}) => {
    const { round, review, questions } = await onRound(house, request, async (tx, _by, round) => {
      const review = await reviewOf(tx, round.id)
      if (!review) throw notFound()
      return { round, review, questions: await questionsOf(tx, round.id) }
    })
    return reply.page(view('sample-words'), {
      title: 'Sample answers',
      crumbs: [...crumbs, { text: round.name, href: `/staff/review/${round.id}` }],
      round,
      given: review.calibrating_at !== null,
      own: review.samples.length > 0,
      most,
      samples: samplesOf(review, questions).map(one => ({
        ...one,
        question: questionOf(questions, one.number - 1),
        text: typed ? textOf(fieldsOf(typed), `sample${one.number}`) : one.text,
      })),
      ...more,
    })
  }
  app.get<ByRound>('/staff/review/:round/samples/words', officer, (request, reply) => show(request, reply))
  app.post<ByRound>('/staff/review/:round/samples/words', officer, async (request, reply) => {
    const fields = fieldsOf(request.body)
    const isUsual = fields.act === 'usual'
    const texts = isUsual ? [] : samples.map((_, at) => clean(textOf(fields, `sample${at + 1}`)))
    const faults: Record<string, string> = {}
    for (const [at, text] of texts.entries())
      if (!text) faults[`sample${at + 1}`] = `Enter sample answer ${at + 1}`
      else if (text.length > most)
        faults[`sample${at + 1}`] = `Sample answer ${at + 1} must be ${most} characters or fewer`
    if (Object.keys(faults).length) return show(request, reply.code(422), fields, refuse(faults))
    const kept = await onRound(house, request, async (tx, by, round) => {
      const done = await tx
        .updateTable('review')
        .set({ samples: JSON.stringify(texts) as unknown as string[] }) // the checked edge: jsonb goes in as text
        .where('round_id', '=', round.id)
        .where('calibrating_at', 'is', null)
        .executeTakeFirst()
      if (!Number(done.numUpdatedRows)) return false
      await note(tx, house, by, isUsual ? 'usual samples taken' : 'own samples written', round.id)
      return true
    })
    const late = 'The samples are given out already: everyone scores the same ones'
    if (!kept) return show(request, reply.code(422), fields, refuse({ sample1: late }))
    return reply.redirect(`/staff/review/${request.params.round}`, 303)
  })
}
