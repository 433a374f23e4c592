import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { sayDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { forbidden, notFound } from '#src/platform/web/errors.ts'
import { clean, refuse } from '#src/platform/web/form.ts'
import { type House, within } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { councilByCode, councils } from '../recruitment/councils.ts'
import { landlordNames } from '../recruitment/landlords/landlords.ts'
import { questionsOf } from '../recruitment/round.ts'
import { fieldsOf, textOf } from '../recruitment/rounds/desk.ts'
import { closedRound, closedRounds } from './officer-routes.ts'
import { may } from './permissions.ts'
import { declare, planOf, scales } from './plan.ts'
import { answersOf, flag, knowThem, NotTaken, queueOf, readingOf, score } from './reading.ts'

const reader = { config: { may: may.read } }
const crumbs = [{ text: 'Review', href: '/staff/review' }]
const view = (name: string) => `panel/review/${name}.njk`
type ByRound = { Params: { round: string } }
type ByReading = { Params: { reading: string } }
type ByAnswer = { Params: { reading: string; question: string } }

/** The reader's side: what they should not read, and one answer at a time with nothing about whose it is. */
export async function readerRoutes(app: FastifyInstance, house: House): Promise<void> {
  app.get('/staff/review', { config: { may: may.begin } }, async (request, reply) => {
    const shown = await reading(house, request, async (tx, by) => {
      const closed = await closedRounds(tx, house)
      return Promise.all(
        closed.map(async round => {
          const plan = await planOf(tx, round.id)
          const mine = await tx
            .selectFrom('review_reader')
            .selectAll()
            .where('round_id', '=', round.id)
            .where('staff_id', '=', by.id)
            .where('left_at', 'is', null)
            .executeTakeFirst()
          const left = mine ? (await queueOf(tx, by, round.id)).length : 0
          return {
            id: round.id,
            name: round.name,
            begun: plan?.begun_at != null,
            mine: mine !== undefined,
            declared: mine?.declared_at != null,
            left,
            deadline: plan && sayDate(plan.deadline),
          }
        }),
      )
    })
    return reply.page(view('start'), {
      title: 'Review',
      rounds: shown,
      isOfficer: request.actor?.roles.includes('officer'),
    })
  })

  const showDeclaration = async (request: FastifyRequest, reply: FastifyReply, round: string, more: object = {}) => {
    const shown = await reading(house, request, async (tx, by) => {
      const found = await closedRound(tx, house, round)
      await readerOf(tx, by, round)
      return { round: found, landlords: await landlordNames(tx) }
    })
    return reply.page(view('declaration'), {
      title: 'What should you not read?',
      crumbs,
      ...shown,
      councils: councils.map(({ code, name }) => ({ value: code, text: name })),
      values: {},
      ...more,
    })
  }
  app.get<ByRound>('/staff/review/:round/declaration', reader, (request, reply) =>
    showDeclaration(request, reply, request.params.round),
  )
  app.post<ByRound>('/staff/review/:round/declaration', reader, async (request, reply) => {
    const fields = fieldsOf(request.body)
    const list = (field: string) =>
      [fields[field]].flat().filter(one => typeof one === 'string' && one !== '') as string[] // the checked edge: strings
    const { round } = request.params
    const why = await reading(house, request, async (tx, by) => {
      await closedRound(tx, house, round)
      await readerOf(tx, by, round)
      if ((await planOf(tx, round))?.begun_at)
        return 'The reading has begun. While you read, say “I think I know this person”'
      const names = new Set(await landlordNames(tx))
      const landlords = list('landlords').filter(one => names.has(one))
      const areas = list('areas').filter(one => councilByCode(one))
      await declare(tx, house, by, round, { landlords, areas })
      return undefined
    })
    if (why) return showDeclaration(request, reply.code(422), round, refuse({ landlords: why }))
    return reply.redirect('/staff/review', 303)
  })

  app.get<ByRound>('/staff/review/:round/next', reader, async (request, reply) => {
    const next = await reading(house, request, async (tx, by) => {
      await closedRound(tx, house, request.params.round)
      return (await queueOf(tx, by, request.params.round))[0]
    })
    return reply.redirect(next ? `/staff/review/readings/${next.reading}/${next.question}` : '/staff/review', 303)
  })

  const showAnswer = async (
    request: FastifyRequest,
    reply: FastifyReply,
    { reading: id, question }: ByAnswer['Params'],
    more: object = {},
  ) => {
    const shown = await reading(house, request, async (tx, by) => {
      const one = await mine(tx, by, id)
      const plan = await planOf(tx, one.round_id)
      const criterion = plan?.criteria.find(each => each.question === question)
      if (!plan || !criterion) throw notFound()
      const asked = (await questionsOf(tx, one.round_id)).find(each => each.id === question)
      const answers = await answersOf(tx, house, by, one.dossier_id)
      const left = (await queueOf(tx, by, one.round_id)).length
      const held = await tx
        .selectFrom('review_score')
        .select('score')
        .where('reading_id', '=', id)
        .where('question_id', '=', question)
        .executeTakeFirst()
      return { one, plan, criterion, asked, text: answers.get(question) ?? '', left, held }
    })
    const { plan, criterion, held } = shown
    const { values, words } = scales[plan.scale]
    const chosen = held ? (held.score === null ? 'abstain' : String(held.score)) : undefined
    return reply.page(view('answer'), {
      title: shown.asked?.title ?? 'An answer',
      crumbs,
      reading: id,
      question,
      paragraphs: shown.text.split(/\n+/).filter(Boolean),
      left: shown.left,
      items: [
        ...values
          .map((value, at) => ({
            value: String(value),
            text: words[at] ?? String(value),
            hint: { text: criterion.values[at] ?? '' },
            checked: chosen === String(value),
          }))
          .reverse(),
        { divider: 'or' },
        { value: 'abstain', text: 'I abstain', hint: { text: 'It is shown as such' }, checked: chosen === 'abstain' },
      ],
      criterion: criterion.name,
      isDone: shown.one.state === 'done',
      flagged: shown.one.flagged,
      values: {},
      ...more,
    })
  }
  app.get<ByAnswer>('/staff/review/readings/:reading/:question', reader, (request, reply) =>
    showAnswer(request, reply, request.params),
  )
  app.post<ByAnswer>('/staff/review/readings/:reading/:question', reader, async (request, reply) => {
    const fields = fieldsOf(request.body)
    const given = textOf(fields, 'score')
    const reason = clean(textOf(fields, 'reason'))
    const { reading: id, question } = request.params
    try {
      if (reason.length > 1000) throw new NotTaken('The reason must be 1,000 characters or fewer')
      if (!/^(abstain|\d)$/.test(given)) throw new NotTaken('Select a score, or that you abstain')
      const round = await reading(house, request, async (tx, by) => {
        const one = await mine(tx, by, id)
        await score(tx, house, by, { reading: id, question }, given === 'abstain' ? null : Number(given), reason)
        return one.round_id
      })
      return reply.redirect(`/staff/review/${round}/next`, 303)
    } catch (error) {
      if (!(error instanceof NotTaken)) throw error
      return showAnswer(request, reply.code(422), request.params, {
        values: fields,
        ...refuse({ score: error.message }),
      })
    }
  })

  app.get<ByReading>('/staff/review/readings/:reading', reader, async (request, reply) => {
    const shown = await reading(house, request, async (tx, by) => {
      const one = await mine(tx, by, request.params.reading)
      const answers = await answersOf(tx, house, by, one.dossier_id)
      return (await questionsOf(tx, one.round_id)).map(each => ({ ...each, text: answers.get(each.id) ?? '' }))
    })
    return reply.page(view('application'), {
      title: 'One application',
      crumbs,
      reading: request.params.reading,
      answers: shown,
    })
  })
  app.post<ByReading>('/staff/review/readings/:reading/conflict', reader, async (request, reply) => {
    const round = await reading(house, request, async (tx, by) => {
      const one = await mine(tx, by, request.params.reading)
      await knowThem(tx, house, by, one.id)
      return one.round_id
    })
    return reply.redirect(`/staff/review/${round}/next`, 303)
  })
  app.post<ByReading>('/staff/review/readings/:reading/flag', reader, async (request, reply) => {
    const round = await reading(house, request, async (tx, by) => {
      const one = await mine(tx, by, request.params.reading)
      await flag(tx, house, by, one.id)
      return one.round_id
    })
    return reply.redirect(`/staff/review/${round}/next`, 303)
  })
}

async function mine(tx: Tx, by: Actor, id: string) {
  const one = z.uuid().safeParse(id).success ? await readingOf(tx, by, id) : undefined
  if (!one) throw notFound()
  return one
}

async function readerOf(tx: Tx, by: Actor, round: string): Promise<void> {
  const row = await tx
    .selectFrom('review_reader')
    .select('staff_id')
    .where('round_id', '=', round)
    .where('staff_id', '=', by.id)
    .where('left_at', 'is', null)
    .executeTakeFirst()
  if (!row) throw notFound()
}

function reading<T>(house: House, request: FastifyRequest, work: (tx: Tx, by: Actor) => Promise<T>): Promise<T> {
  const by = request.actor
  if (!by) throw forbidden()
  return within(house, { by, for: 'review applications' }, tx => work(tx, by))
}
