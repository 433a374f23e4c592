import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { addDays } from '#src/platform/calendar/dates.ts'
import { nextWorkingDay } from '#src/platform/calendar/holidays.ts'
import { londonDate, sayDate, sayInstant } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { forbidden, notFound } from '#src/platform/web/errors.ts'
import { clean, email, line, prose, read, refuse } from '#src/platform/web/form.ts'
import { type House, within } from '../house.ts'
import { type Actor, system } from '../notice/actor.ts'
import { ruleOf } from '../notice/datamap.ts'
import { atRisk, basis, noConsent, proofs } from './basis.ts'
import {
  accountOf,
  type Disclosure,
  decideDisclosure,
  disclosureTypes,
  fieldsFor,
  gateways,
  handOver,
  letPersonSee,
  NotYet,
  openDisclosure,
  release,
  secondOpinion,
  weigh,
} from './disclosures.ts'
import { may } from './permissions.ts'
import { rightsOf, type SwitchableRight, type SwitchedOff, saysSwitchedOff, switchableRights } from './prejudice.ts'

const dpo = { config: { may: may.handleDisclosures } }
const crumbs = [
  { text: 'Protection', href: '/staff/protection' },
  { text: 'Requests of others', href: '/staff/protection/disclosures' },
]
const view = (name: string) => `promises/disclosures/${name}.njk`
type ById = { Params: { id: string } }
const ticked = z.union([z.array(z.string()), z.string().transform(one => [one])]).catch([])
const words5000 = z
  .string()
  .transform(text => clean(text).slice(0, 5000))
  .catch('')
const types = ['law enforcement', 'legal', 'safeguarding', 'other'] as const
const items = (words: Readonly<Record<string, string>>) =>
  Object.entries(words).map(([value, text]) => ({ value, text }))
const rightNames = ['told', 'log'] as const satisfies readonly SwitchableRight[]
const fieldNames = fieldsFor('legal')
const asking = z.object({
  type: z.enum(types, 'Select who asks'),
  name: line('Enter who asks, and for which body', 'Who asks', 300),
  reach: line('Enter how to reach them', 'How to reach them', 300),
  address: email,
  record: z.string().optional(),
  fields: z.union([z.array(z.string()), z.string().transform(one => [one])], 'Select what they ask for'),
  words: prose('What they ask, and why', 5000).refine(text => text.length > 0, 'Enter what they ask, and why'),
  emergency: z.string().optional(),
})

/** The desk for requests of others: weighed, decided, looked at by a second person, released once; refusing is a full answer. */
export async function disclosureRoutes(app: FastifyInstance, house: House): Promise<void> {
  const words = (field: string) => ruleOf('panel', field)?.says ?? field

  app.get('/staff/protection/disclosures', dpo, async (request, reply) => {
    const rows = await atDesk(house, request, tx =>
      tx.selectFrom('disclosure').selectAll().orderBy('asked_at', 'desc').execute(),
    )
    return reply.page(view('list'), {
      title: 'Requests of others',
      crumbs: crumbs.slice(0, 1),
      rows: rows.map(one => ({
        id: one.dossier_id,
        reference: one.reference,
        says: disclosureTypes[one.type].says,
        asked: sayDate(londonDate(one.asked_at)),
        next: stepOf(one, londonDate(house.clock.now())),
      })),
    })
  })

  const showEntry = (reply: FastifyReply, more: object = {}) =>
    reply.page(view('entry'), {
      title: 'Enter a request',
      crumbs,
      types: types.map(value => ({ value, text: disclosureTypes[value].says })),
      fields: fieldNames.map(value => ({ value, text: words(value) })),
      values: {},
      ...more,
    })
  app.get('/staff/protection/disclosures/new', dpo, (_request, reply) => showEntry(reply))
  app.post('/staff/protection/disclosures/new', dpo, async (request, reply) => {
    const form = read(asking, request.body)
    if (!form.ok) return showEntry(reply.code(422), { values: request.body, ...form })
    const { type, name, reach, address, record, fields, words: asked, emergency } = form.answer
    const records = await recordsAt(house, request, address)
    const again = (sentences: { [field: string]: string }) =>
      showEntry(reply.code(422), { values: request.body, records, ...refuse(sentences) })
    if (!records.length) return again({ address: 'No living record has this email address: there is nothing to give' })
    const subject = records.length === 1 ? records[0]?.value : records.find(one => one.value === record)?.value
    if (!subject)
      return again({ record: 'Several people share this email address: select whose record they ask about' })
    try {
      const id = await atDesk(house, request, (tx, by) =>
        openDisclosure(tx, house, by, {
          type,
          subject,
          fields,
          requester: { name, reach },
          words: asked,
          isEmergency: emergency === 'yes',
        }),
      )
      return reply.redirect(`/staff/protection/disclosures/${id}`, 303)
    } catch (error) {
      if (error instanceof NotYet) return again({ fields: error.message })
      throw error
    }
  })

  const show = async (request: FastifyRequest, reply: FastifyReply, id: string, more: object = {}) => {
    const shown = await atDesk(house, request, async (tx, by) => {
      const one = z.uuid().safeParse(id).success
        ? await tx.selectFrom('disclosure').selectAll().where('dossier_id', '=', id).executeTakeFirst()
        : undefined
      if (!one) throw notFound()
      const ask = { by, for: 'exercise rights', fields: ['requester'], related: [id] } as const
      const [opened] = await house.vault.open(tx, 'case', ask, [id])
      const requester = z
        .object({ name: z.string(), reach: z.string() })
        .parse(JSON.parse(opened?.requester ?? '{"name":"","reach":""}'))
      const account = await accountOf(tx, house, by, id)
      return { one, requester, account, by: by.id }
    })
    const { one } = shown
    return reply.page(view('disclosure'), {
      title: `${one.reference}: ${disclosureTypes[one.type].says}`,
      crumbs,
      id,
      ...shown,
      asked: sayInstant(one.asked_at),
      askedFor: one.asked_fields.map(words).join(', '),
      approved: one.approved_fields.map(words).join(', ') || 'nothing',
      next: stepOf(one, londonDate(house.clock.now())),
      mine: one.decided_by === shown.by,
      gateways: Object.entries(gateways[one.type]).map(([value, text]) => ({ value, text })),
      fields: one.asked_fields.map(value => ({ value, text: words(value) })),
      rights: saysSwitchedOff(one.switched_off),
      proofs: items(proofs),
      atRisk: items(atRisk),
      noConsent: items(noConsent),
      off: rightItems(one.switched_off ?? []),
      openUntil: one.open_until && sayInstant(one.open_until),
      values: {},
      ...more,
    })
  }
  app.get<ById>('/staff/protection/disclosures/:id', dpo, (request, reply) => show(request, reply, request.params.id))
  app.post<ById>('/staff/protection/disclosures/:id', dpo, async (request, reply) => {
    const { id } = request.params
    const fields = z
      .object({
        act: z.string().catch(''),
        gateway: z.string().catch(''),
        fields: ticked,
        less: z.string().catch(''),
        asked: z.string().catch(''),
        off: ticked,
        toldWhy: words5000,
        logWhy: words5000,
        gatewayWords: words5000,
      })
      .parse(request.body ?? {})
    if (!z.uuid().safeParse(id).success) throw notFound()
    try {
      const made = await atDesk(house, request, async (tx, by) => {
        if (fields.act === 'weigh')
          await weigh(tx, house, by, id, {
            gateway: fields.gateway,
            fields: fields.fields,
            lessWeighed: fields.less === 'yes',
            switchedOff: fields.asked === 'yes' ? offIn(fields) : undefined,
            basis: basis.parse(request.body ?? {}),
            gatewayWords: fields.gatewayWords,
          })
        else if (fields.act === 'release' || fields.act === 'refuse')
          await decideDisclosure(tx, house, by, id, fields.act)
        else if (fields.act === 'agree' || fields.act === 'disagree')
          await secondOpinion(tx, house, by, id, fields.act === 'agree')
        else if (fields.act === 'show') await letPersonSee(tx, house, by, id)
        else if (fields.act === 'make') return release(tx, house, by, id)
        return undefined
      })
      if (!made) return reply.redirect(`/staff/protection/disclosures/${id}`, 303)
      return show(request, reply, id, { link: `${house.config.baseUrl}/extract/${made.token}`, code: made.code })
    } catch (error) {
      if (!(error instanceof NotYet)) throw error
      return show(request, reply.code(422), id, {
        values: { ...fields, ...basis.parse(request.body ?? {}) },
        ...refuse({ act: error.message }),
      })
    }
  })

  // Whoever asked opens the link and gives the code that came by another channel; only the POST hands anything over.
  const few = { config: { may: 'anyone', rateLimit: { max: 20, timeWindow: '1 minute' } } }
  app.get('/extract/:token', { config: { may: 'anyone' } }, async (_request, reply) =>
    reply.page(view('extract'), { title: 'Take the extract' }),
  )
  app.post('/extract/:token', few, async (request, reply) => {
    const { token } = z.object({ token: z.string() }).parse(request.params)
    const { code } = z.object({ code: z.string().catch('') }).parse(request.body ?? {})
    const by = system('disclosures')
    const extract = await within(house, { by, for: 'exercise rights' }, tx => handOver(tx, house, by, token, code))
    if (!extract)
      return reply.code(422).page(view('extract'), {
        title: 'Take the extract',
        ...refuse({ code: 'The link or the code is wrong, was used, or has run out. Ask the data protection officer' }),
      })
    return reply
      .header('content-disposition', 'attachment; filename="extract.json"')
      .type('application/json')
      .send(extract)
  })
}

/** What is next on a request. An emergency is looked at by a second person within one working day. */
export function stepOf(one: Disclosure, today: string): string {
  if (one.decision === 'refuse') return 'Refused'
  if (!one.weighed_at) return 'Weigh it'
  if (!one.decision) return 'Decide'
  if (one.second === 'disagree') return 'Sent back by the second person'
  if (!one.second) {
    const by = nextWorkingDay(addDays(londonDate(one.decided_at ?? one.asked_at), 1))
    const late = by < today ? ' (overdue)' : ''
    return one.is_emergency ? `A second person looks by ${sayDate(by)}${late}` : 'A second person looks'
  }
  if (!one.released_at) return 'Make the extract'
  return one.handed_at ? 'Handed over' : 'Waits to be taken'
}

function atDesk<T>(house: House, request: FastifyRequest, work: (tx: Tx, by: Actor) => Promise<T>): Promise<T> {
  const by = request.actor
  if (!by) throw forbidden()
  return within(house, { by, for: 'exercise rights' }, tx => work(tx, by))
}

function offIn({ off, toldWhy, logWhy }: { off: string[]; toldWhy: string; logWhy: string }): SwitchedOff {
  return Object.fromEntries(rightsOf(off).map(right => [right, { told: toldWhy, log: logWhy }[right]]))
}

function rightItems(off: readonly string[]) {
  return rightNames.map(value => ({ value, text: switchableRights[value], checked: off.includes(value) }))
}

/** The living records of an email address, to select from: families and carers share one. */
async function recordsAt(
  house: House,
  request: FastifyRequest,
  address: string,
): Promise<{ value: string; text: string }[]> {
  const ids: string[] = []
  const began = new Map<string, string>()
  for (const id of await house.vault.findByEmail(address)) {
    const record = await house.vault.record(id)
    if (record?.kind !== 'panel') continue
    ids.push(id)
    began.set(id, londonDate(new Date(record.bornAt)))
  }
  if (ids.length < 2) return ids.map(value => ({ value, text: '' }))
  return atDesk(house, request, async (tx, by) => {
    const ask = { by, for: 'exercise rights', fields: ['name'], related: ids } as const
    const opened = new Map((await house.vault.open(tx, 'panel', ask, ids)).map(one => [one.id, one.name]))
    return ids.map(value => ({
      value,
      text: `${opened.get(value) ?? 'No name'}, since ${sayDate(began.get(value) ?? '')}`,
    }))
  })
}
