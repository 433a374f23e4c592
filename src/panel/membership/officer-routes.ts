import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { supporterOf } from '#src/panel/correspondence/supporter.ts'
import { londonDate, sayDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { csv } from '#src/platform/web/csv.ts'
import { forbidden, notFound } from '#src/platform/web/errors.ts'
import { clean, refuse } from '#src/platform/web/form.ts'
import { pageOf, pagination } from '#src/platform/web/paging.ts'
import { type House, within } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { councilByCode, regionOf } from '../recruitment/councils.ts'
import { channels, wordsOf } from '../recruitment/options.ts'
import { type Round, roundById, rounds, stateOf } from '../recruitment/round.ts'
import { fieldsOf, textOf } from '../recruitment/rounds/desk.ts'
import { poolOf } from '../review/decisions.ts'
import { acceptedOutcome } from '../selection/board/outcome.ts'
import { leave, type Member, memberOf, members } from './members.ts'
import {
  freeSeats,
  lapse,
  NotPossible,
  nextReserve,
  note,
  offerDrawn,
  offerNext,
  offerPlaces,
  offersOf,
  tried,
} from './offers.ts'
import { may } from './permissions.ts'

const officer = { config: { may: may.lookAfterMembers } }
const crumbs = [{ text: 'Members', href: '/staff/members' }]
const view = (name: string) => `panel/membership/${name}.njk`
/** What an officer sees of a member: how to reach them, and who supports them. */
const shownFields = [
  'name',
  'email',
  'phone',
  'channel',
  'area',
  'supporterName',
  'supporterEmail',
  'supporterPhone',
] as const
type ById = { Params: { id: string } }
type ByRound = { Params: { round: string } }
const stateTags = {
  offered: { text: 'Waits for an answer', classes: 'govuk-tag--yellow' },
  accepted: { text: 'Accepted', classes: 'govuk-tag--green' },
  declined: { text: 'Declined', classes: 'govuk-tag--grey' },
  lapsed: { text: 'Lapsed', classes: 'govuk-tag--red' },
  ended: { text: 'Has left', classes: 'govuk-tag--grey' },
} as const

/** Offers, and the members in office, as officers see them. */
export async function memberRoutes(app: FastifyInstance, house: House): Promise<void> {
  const today = () => londonDate(house.clock.now())

  app.get('/staff/members', officer, async (request, reply) => {
    const former = 'former' in fieldsOf(request.query)
    const at = pageOf(request.query, 50)
    const shown = await atDesk(house, request, async (tx, by) => {
      const all = await members(tx, today(), { former })
      const here = all.slice(at.from, at.from + at.size)
      const closed = (await rounds(tx)).filter(round => stateOf(round, house.clock.now()) === 'closed')
      return { total: all.length, rows: await rowsOf(tx, house, by, here), closed }
    })
    const href = (page: number) => `/staff/members?page=${page}${former ? '&former=1' : ''}`
    return reply.page(view('members'), {
      title: 'Members',
      wide: true,
      former,
      ...shown,
      pages: pagination(at, shown.total, href),
    })
  })

  app.get('/staff/members/file.csv', officer, async (request, reply) => {
    const rows = await atDesk(house, request, async (tx, by) => {
      const all = await members(tx, today())
      await note(tx, house, by, 'members exported', { count: all.length })
      return rowsOf(tx, house, by, all)
    })
    const head = ['name', 'region', 'term', 'starts', 'ends', 'hears by']
    const table = rows.map(one => [one.name, one.region, one.term, one.starts, one.ends, one.channel])
    return reply
      .header('content-disposition', 'attachment; filename="members.csv"')
      .type('text/csv; charset=utf-8')
      .send(csv(head, table))
  })

  const showMember = async (request: FastifyRequest, reply: FastifyReply, id: string, more: object = {}) => {
    const shown = await atDesk(house, request, async (tx, by) => {
      const member = z.uuid().safeParse(id).success ? await memberOf(tx, id) : undefined
      if (!member) throw notFound()
      const ask = { by, for: 'administer the panel', fields: shownFields } as const
      const [person] = await house.vault.open(tx, 'panel', ask, [id])
      const living = await house.vault.record(id)
      const supporter = await supporterOf(tx, house, id)
      return { member, person, supporter, deleted: living ? sayDate(living.expiresOn) : '' }
    })
    const { member, person, supporter } = shown
    return reply.page(view('member'), {
      title: person?.name ?? 'A member',
      crumbs,
      id,
      person: { ...person, channel: wordsOf(channels, person?.channel), area: councilByCode(person?.area ?? '')?.name },
      term: member.term_number,
      starts: sayDate(member.starts_on),
      ends: sayDate(member.ends_on),
      paused: member.paused_at !== null,
      left: member.left_on && sayDate(member.left_on),
      because: member.left_because,
      deleted: shown.deleted,
      supporter: supporter && {
        who: [person?.supporterName, person?.supporterEmail, person?.supporterPhone].filter(Boolean).join(', '),
        scope: supporter.scope === 'acts' ? 'May act for them' : 'Is told what they are told',
        authority: supporter.authority,
        until: sayDate(supporter.ends_on),
        agreed: supporter.agreed_at !== null,
      },
      ...more,
    })
  }
  app.get<ById>('/staff/members/:id', officer, (request, reply) => showMember(request, reply, request.params.id))
  app.post<ById>('/staff/members/:id/leaving', officer, async (request, reply) => {
    const { id } = request.params
    const because = z.enum(['resigned', 'died', 'term ended']).safeParse(fieldsOf(request.body).because)
    if (!because.success)
      return showMember(request, reply.code(422), id, refuse({ because: 'Select why the member leaves' }))
    const done = await atDesk(house, request, async (tx, by) =>
      z.uuid().safeParse(id).success ? leave(tx, house, by, id, because.data) : false,
    )
    if (!done) throw notFound()
    return reply.redirect(`/staff/members/${id}`, 303)
  })

  const showOffers = async (request: FastifyRequest, reply: FastifyReply, id: string, more: object = {}) => {
    const shown = await atDesk(house, request, async (tx, by) => {
      const round = await closedRound(tx, house, id)
      const offers = await offersOf(tx, round.id)
      const ask = { by, for: 'administer the panel', fields: ['name', 'phone'] } as const
      const names = new Map(
        (
          await house.vault.open(
            tx,
            'panel',
            ask,
            offers.map(one => one.dossier_id),
          )
        ).map(one => [one.id, one]),
      )
      return {
        round,
        offers: offers.map(one => ({
          ...one,
          name: names.get(one.dossier_id)?.name ?? 'No longer held',
          phone: names.get(one.dossier_id)?.phone,
          tag: stateTags[one.state],
          by: sayDate(one.answer_by),
          late: one.state === 'offered' && one.answer_by < today(),
        })),
        outcome: await acceptedOutcome(tx, round.id),
        free: freeSeats(offers).length,
        next: await nextReserve(tx, house, round.id),
      }
    })
    const has = new Set(shown.offers.map(one => one.dossier_id))
    const drawn = shown.outcome?.members.filter(one => !has.has(one)).length ?? 0
    return reply.page(view('offers'), {
      title: `Offers for ${shown.round.name}`,
      crumbs,
      wide: true,
      ...shown,
      drawn,
      reserves: shown.outcome?.reserves.filter(one => !has.has(one)).length ?? 0,
      values: {},
      ...more,
    })
  }
  app.get<ByRound>('/staff/members/offers/:round', officer, (request, reply) =>
    showOffers(request, reply, request.params.round),
  )

  /** What an officer does about offers; each says in one sentence when it cannot be done. */
  const acts: Record<
    string,
    (tx: Tx, by: Actor, round: Round, fields: { [field: string]: unknown }) => Promise<unknown>
  > = {
    draw: (tx, by, round) => offerDrawn(tx, house, by, round),
    next: (tx, by, round) => offerNext(tx, house, by, round),
    tried: (tx, by, _round, fields) => tried(tx, house, by, idIn(fields)),
    lapse: (tx, by, _round, fields) => lapse(tx, house, by, idIn(fields)),
    hand: async (tx, by, round, fields) => {
      const because = clean(textOf(fields, 'because'))
      const wanted = clean(textOf(fields, 'references'))
        .toUpperCase()
        .split(/[\s,;]+/)
        .filter(Boolean)
      if (!because) throw new NotPossible('Enter why these people are picked by hand')
      if (because.length > 1000) throw new NotPossible('The reason must be 1,000 characters or fewer')
      const pool = new Set(await poolOf(tx, round.id))
      const rows = wanted.length
        ? await tx
            .selectFrom('application')
            .select(['dossier_id', 'reference'])
            .where('round_id', '=', round.id)
            .where('reference', 'in', wanted)
            .execute()
        : []
      const known = rows.filter(row => pool.has(row.dossier_id))
      if (!known.length || known.length < wanted.length)
        throw new NotPossible('Enter references of people in the pool, one a line')
      await house.vault.putMany(
        tx,
        by,
        'panel',
        known.map(row => ({ id: row.dossier_id, values: { staffNote: `Picked by hand: ${because}` } })),
      )
      await offerPlaces(
        tx,
        house,
        by,
        round,
        known.map(row => row.dossier_id),
      )
    },
  }
  app.post<ByRound>('/staff/members/offers/:round', officer, async (request, reply) => {
    const fields = fieldsOf(request.body)
    const act = acts[textOf(fields, 'act')]
    if (!act) throw notFound()
    try {
      await atDesk(house, request, async (tx, by) =>
        act(tx, by, await closedRound(tx, house, request.params.round), fields),
      )
      return reply.redirect(`/staff/members/offers/${request.params.round}`, 303)
    } catch (error) {
      if (!(error instanceof NotPossible)) throw error
      const field = textOf(fields, 'act') === 'hand' ? 'because' : 'offers'
      return showOffers(request, reply.code(422), request.params.round, {
        values: fields,
        ...refuse({ [field]: error.message }),
      })
    }
  })
}

function idIn(fields: { [field: string]: unknown }): string {
  const id = z.uuid().safeParse(fields.offer)
  if (!id.success) throw notFound()
  return id.data
}

async function rowsOf(tx: Tx, house: House, by: Actor, list: readonly Member[]) {
  const ask = { by, for: 'administer the panel', fields: ['name', 'area', 'channel'] } as const
  const people = new Map(
    (
      await house.vault.open(
        tx,
        'panel',
        ask,
        list.map(one => one.dossier_id),
      )
    ).map(one => [one.id, one]),
  )
  return list.map(one => {
    const person = people.get(one.dossier_id)
    return {
      id: one.dossier_id,
      name: person?.name ?? 'No longer held',
      region: regionOf(person?.area ?? '') ?? '',
      channel: wordsOf(channels, person?.channel),
      term: one.term_number,
      starts: sayDate(one.starts_on),
      ends: sayDate(one.ends_on),
      state: one.left_on ? `Left on ${sayDate(one.left_on)}` : one.paused_at ? 'Paused' : 'In office',
    }
  })
}

async function closedRound(tx: Tx, house: House, id: string): Promise<Round> {
  const round = await roundById(tx, id)
  if (!round || stateOf(round, house.clock.now()) !== 'closed') throw notFound()
  return round
}

function atDesk<T>(house: House, request: FastifyRequest, work: (tx: Tx, by: Actor) => Promise<T>): Promise<T> {
  const by = request.actor
  if (!by) throw forbidden()
  return within(house, { by, for: 'administer the panel' }, tx => work(tx, by))
}
