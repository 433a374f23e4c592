import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { addDays } from '#src/platform/calendar/dates.ts'
import { londonDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { notFound } from '#src/platform/web/errors.ts'
import { clean, refuse } from '#src/platform/web/form.ts'
import type { House } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { erase } from '#src/promises/retention/erase.ts'
import { openFile, putFile } from '#src/promises/vault/files.ts'
import { roundInHand } from '../list/routes.ts'
import { may } from '../permissions.ts'
import { questionsOf, type Round, rounds } from '../round.ts'
import { atDesk, fieldsOf, staffOf, textOf } from '../rounds/desk.ts'
import { alreadyHere } from './already.ts'
import { groundOf, importApplicants, whyNotImport } from './import.ts'
import { guess, type Mapping, targets } from './mapping.ts'
import { readApplicants } from './read.ts'
import { decodeFile, rowsOf, UnreadableFile } from './rows.ts'

const officer = { config: { may: may.importApplications } }
const crumbs = [{ text: 'Applications', href: '/staff/applications' }]
const title = 'Import applications'
type ById = { Params: { id: string } }
type ForId = FastifyRequest<ById>
type Fields = { [field: string]: unknown }

/**
 * Import from a file, in three steps: the file (sealed meanwhile, gone in seven days at the latest), what each column
 * holds, and what would be taken.
 */
export async function importRoutes(app: FastifyInstance, house: House): Promise<void> {
  const view = (name: string) => `panel/recruitment/import/${name}.njk`

  app.get('/staff/applications/import', officer, async (request, reply) => {
    const round = await atDesk(house, request, tx => roundFor(tx, house))
    return reply.page(view('upload'), { title, crumbs, ...shown(round) })
  })

  app.post('/staff/applications/import', officer, async (request, reply) => {
    const sent = fieldsOf(request.body).people
    const file = Buffer.isBuffer(sent) && sent.length ? await decodeFile(sent) : { why: 'Select a CSV file' }
    const taken = await atDesk(house, request, async (tx, by) => {
      const round = await roundFor(tx, house)
      if (typeof round === 'string' || 'why' in file) return { round }
      const id = await house.vault.begin(tx, by, 'inbox', addDays(londonDate(house.clock.now()), 7))
      await putFile(tx, house, by, 'inbox', id, 'content', Readable.from([Buffer.from(file.text)]))
      return { round, id }
    })
    if (taken.id) return reply.redirect(`/staff/applications/import/${taken.id}`, 303)
    const why = 'why' in file ? refuse({ people: file.why }) : {}
    return reply.code(422).page(view('upload'), { title, crumbs, ...shown(taken.round), ...why })
  })

  const showColumns = async (request: ForId, reply: FastifyReply, fields: Fields, refusal: object = {}) => {
    const { head, round, questions } = await atDesk(house, request, async (tx, by) => {
      const { file, ...rest } = await inHand(tx, house, by, request.params.id)
      return { ...rest, head: await headOf(file) }
    })
    if ('why' in head)
      return reply.code(422).page(view('upload'), { title, crumbs, ...shown(round), ...refuse({ people: head.why }) })
    const isSaid = Object.keys(fields).some(field => field.startsWith('column'))
    const holds = isSaid ? mappingOf(fields, questions) : guess(head.headings, questions)
    return reply.page(view('columns'), {
      title: 'What each column holds',
      crumbs,
      id: request.params.id,
      columns: head.headings.map((heading, at) => ({
        field: `column${at}`,
        heading: heading || `Column ${at + 1}`,
        sample: head.samples.map(cells => clean(cells[at] ?? '')).filter(Boolean),
        items: [
          { value: '', text: 'Leave out' },
          ...[...targets(questions)].map(([value, text]) => ({ value, text, selected: holds.get(at) === value })),
        ],
      })),
      ...refusal,
    })
  }

  app.get<ById>('/staff/applications/import/:id', officer, (request, reply) =>
    showColumns(request, reply, fieldsOf(request.query)),
  )

  app.post<ById>('/staff/applications/import/:id', officer, async (request, reply) => {
    const fields = fieldsOf(request.body)
    const { id } = request.params
    const outcome = await atDesk(house, request, async (tx, by) => {
      const { file, round } = await inHand(tx, house, by, id)
      const ground = await groundOf(tx, house, round, (_headings, questions) => mappingOf(fields, questions))
      const read = await reading(() => readApplicants(file, ground))
      return 'why' in read ? read : { ...read, ...(await alreadyHere(tx, house, by, round.id, read.good)) }
    })
    if ('why' in outcome) return showColumns(request, reply.code(422), fields, refuse({ column0: outcome.why }))
    const holds = Object.keys(fields).filter(field => field.startsWith('column') && fields[field])
    const columns = holds.map(field => [field, textOf(fields, field)] as const)
    return reply.page(view('check'), {
      title: 'Check the import',
      crumbs,
      id,
      count: outcome.good.length,
      bad: outcome.bad,
      faults: outcome.faults.slice(0, 200),
      already: outcome.already.slice(0, 200),
      alike: outcome.already.length,
      unlisted: outcome.good.filter(one => one.landlordUnlisted).length,
      columns,
      back: `/staff/applications/import/${id}?${new URLSearchParams(Object.fromEntries(columns))}`,
    })
  })

  app.post<ById>('/staff/applications/import/:id/applications', officer, async (request, reply) => {
    const fields = fieldsOf(request.body)
    const { id } = request.params
    const outcome = await atDesk(house, request, async (tx, by) => {
      // Two presses: the second waits here, and then finds the file gone.
      await tx.selectFrom('dossier').select('id').where('id', '=', known(id)).forUpdate().execute()
      const { file, round } = await inHand(tx, house, by, id)
      const ground = await groundOf(tx, house, round, (_headings, questions) => mappingOf(fields, questions))
      const read = await reading(() => readApplicants(file, ground))
      if ('why' in read) return read
      if (read.bad && textOf(fields, 'rows') !== 'good') return { why: 'Some rows cannot be taken' }
      const isFreshOnly = textOf(fields, 'alike') === 'leave out'
      const taken = isFreshOnly ? (await alreadyHere(tx, house, by, round.id, read.good)).fresh : read.good
      await importApplicants(tx, house, by, round, taken, { receipts: textOf(fields, 'receipts') === 'send' })
      await house.vault.put(tx, by, 'inbox', id, { content: undefined })
      return { count: taken.length }
    })
    if ('why' in outcome)
      return reply
        .code(422)
        .page(view('check'), { title: 'Check the import', crumbs, id, ...refuse({ columns: outcome.why }) })
    await erase(house.reach, staffOf(request), [id], 'dealt with')
    return reply.redirect(`/staff/applications?imported=${outcome.count}`, 303)
  })
}

async function roundFor(tx: Tx, house: House): Promise<Round | string> {
  const published = (await rounds(tx)).filter(round => round.publishedAt)
  const round = await roundInHand(tx, house, '', published)
  const why = round ? await whyNotImport(tx, house, round) : undefined
  return round && !why ? round : (why ?? 'No round has been published yet')
}

function shown(round: Round | string): object {
  return typeof round === 'string' ? { why: round } : { round }
}

/** The uploaded file, while it is there, and the round that it goes into. */
async function inHand(tx: Tx, house: House, by: Actor, id: string) {
  const ask = { by, for: 'administer the panel', fields: ['content'] } as const
  const file = await openFile(tx, house, 'inbox', ask, known(id))
  const round = await roundFor(tx, house)
  if (!file || typeof round === 'string') throw notFound()
  return { file, round, questions: await questionsOf(tx, round.id) }
}

/** Ids are uuids: anything else is no page. */
function known(id: string): string {
  if (!/^[0-9a-f-]{36}$/.test(id)) throw notFound()
  return id
}

function mappingOf(fields: Fields, questions: Parameters<typeof targets>[0]): Mapping {
  const allowed = targets(questions)
  const mapping = new Map<number, string>()
  for (const field of Object.keys(fields)) {
    const column = /^column(\d{1,3})$/.exec(field)?.[1]
    const target = textOf(fields, field)
    if (column && allowed.has(target)) mapping.set(Number(column), target)
  }
  return mapping
}

async function headOf(
  file: AsyncIterable<Buffer>,
): Promise<{ headings: string[]; samples: string[][] } | { why: string }> {
  return reading(async () => {
    const first: string[][] = []
    for await (const { cells } of rowsOf(file)) {
      first.push(cells)
      if (first.length === 4) break
    }
    const [headings = [], ...samples] = first
    return { headings: headings.map(clean), samples }
  })
}

async function reading<T>(work: () => Promise<T>): Promise<T | { why: string }> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof UnreadableFile) return { why: error.sentence }
    throw error
  }
}
