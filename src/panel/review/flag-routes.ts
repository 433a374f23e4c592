import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sayInstant } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { notFound } from '#src/platform/web/errors.ts'
import { clean, refuse } from '#src/platform/web/form.ts'
import { type House, within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { questionsOf } from '../recruitment/round.ts'
import { fieldsOf, textOf } from '../recruitment/rounds/desk.ts'
import { answersValue } from '../recruitment/values.ts'
import { selfOf } from './answers.ts'
import { type ByRound, crumbs, officer, onRound, view } from './desk.ts'
import { mask } from './mask.ts'
import { note, reviewOf } from './setup.ts'

const mostShown = 20
const mine = { by: system('review'), for: 'administer the panel' } as const
type ByFlag = { Params: { round: string; reading: string } }

/** Answers that a reader flagged: the officer hides the words that tell of someone, and readers no longer see them. */
export async function flagRoutes(app: FastifyInstance, house: House): Promise<void> {
  const show = async (request: FastifyRequest<ByRound>, reply: FastifyReply, more: object = {}) => {
    const shown = await onRound(house, request, async (tx, by, round) => {
      if (!(await reviewOf(tx, round.id))) throw notFound()
      const open = await openFlags(tx, round.id)
      const rows = open.slice(0, mostShown)
      const ask = { by, for: 'administer the panel', fields: ['answers'] } as const
      const held = await house.vault.open(tx, 'panel', ask, [...new Set(rows.map(row => row.dossier_id))])
      const answers = new Map(held.map(one => [one.id, answersValue.read(one.answers) ?? {}]))
      return { round, rows, answers, more: open.length - rows.length, questions: await questionsOf(tx, round.id) }
    })
    const whose = await within(house, mine, async tx => {
      const found = new Map<string, Awaited<ReturnType<typeof selfOf>>>()
      for (const { dossier_id: id } of shown.rows) found.set(id, await selfOf(tx, house, id))
      return found
    })
    return reply.page(view('flags'), {
      title: `Flags in ${shown.round.name}`,
      crumbs: [...crumbs, { text: shown.round.name, href: `/staff/review/${shown.round.id}` }],
      round: shown.round,
      moreFlags: shown.more,
      flags: shown.rows.map(row => ({
        reading: row.id,
        reference: row.reference,
        reader: row.number,
        when: row.flagged_at ? sayInstant(row.flagged_at) : '',
        answers: shown.questions
          .filter(one => !row.flagged_question || one.id === row.flagged_question)
          .map(one => ({
            title: one.title,
            text: mask(shown.answers.get(row.dossier_id)?.[one.id] ?? '', whose.get(row.dossier_id) ?? {}),
          })),
      })),
      ...more,
    })
  }
  app.get<ByRound>('/staff/review/:round/flags', officer, (request, reply) => show(request, reply))
  app.post<ByFlag>('/staff/review/:round/flags/:reading', officer, async (request, reply) => {
    const { reading } = request.params
    const words = clean(textOf(fieldsOf(request.body), 'words'))
    const lines = [...new Set(words.split('\n').map(one => one.trim()))].filter(Boolean)
    if (words.length > 1000 || lines.some(one => one.length < 2)) {
      const sentence = 'Words to hide must be 2 characters or more each, and 1,000 or fewer in all'
      return show(request, reply.code(422), {
        typed: { reading, words },
        ...refuse({ [`words-${reading}`]: sentence }),
      })
    }
    await onRound(house, request, async (tx, by, round) => {
      const row = (await openFlags(tx, round.id)).find(one => one.id === reading)
      if (!row) return
      const ask = { ...mine, fields: ['hiddenWords'] } as const
      const [held] = await house.vault.open(tx, 'panel', ask, [row.dossier_id])
      const all = [...new Set([...(held?.hiddenWords?.split('\n') ?? []), ...lines])].filter(Boolean)
      if (lines.length) await house.vault.put(tx, by, 'panel', row.dossier_id, { hiddenWords: all.join('\n') })
      await tx
        .updateTable('review_reading')
        .set({ looked_at: house.clock.now(), looked_by: by.id })
        .where('id', '=', row.id)
        .execute()
      await note(tx, house, by, 'flag looked at', round.id, { reading: row.id, hidden: lines.length })
    })
    return reply.redirect(`/staff/review/${request.params.round}/flags`, 303)
  })
}

/** Flags that nobody has looked at, the oldest first. */
function openFlags(tx: Tx, round: string) {
  return tx
    .selectFrom('review_reading')
    .innerJoin('application', 'application.dossier_id', 'review_reading.dossier_id')
    .innerJoin('review_reader', on =>
      on
        .onRef('review_reader.round_id', '=', 'review_reading.round_id')
        .onRef('review_reader.reader', '=', 'review_reading.reader'),
    )
    .select(['review_reading.id', 'review_reading.dossier_id', 'flagged_at', 'flagged_question', 'reference', 'number'])
    .where('review_reading.round_id', '=', round)
    .where('application.state', '=', 'sent')
    .where('flagged_at', 'is not', null)
    .where('looked_at', 'is', null)
    .orderBy('flagged_at')
    .execute()
}
