import { sql } from 'kysely'
import type { Tx } from '#src/platform/database/database.ts'
import { openSealed, plainSizeOf } from '#src/platform/files/sealed.ts'
import type { Disclosure } from '../disclosures/disclosure.ts'
import { disclosureTypes } from '../disclosures/kinds.ts'
import { visibleTo } from '../disclosures/visible.ts'
import type { House } from '../house.ts'
import type { Actor } from '../notice/actor.ts'
import { declaredColumns } from '../notice/columns/all.ts'
import { dataMap, everyField, type Field, retention, ruleOf } from '../notice/datamap.ts'
import { type Purpose, type PurposeRule, purposes } from '../notice/purposes.ts'
import { processorEntries } from '../processors/processors.ts'
import { Special } from '../vault/special.ts'
import { RecordEnded, waiting } from './giving/given.ts'
import { type AccessCopy, copySchema, hidden, schemaPaths, tableColumns } from './shape.ts'

export type { AccessCopy } from './shape.ts'

const provenance = { subject: 'You told us', observed: 'Observed', staff: 'Noted by our staff' } as const

/**
 * The access copy (UK GDPR Art 15): complete by construction. Values come from the data map, rows from every table that
 * refers to the record, files from the store; what a later room adds is in it without being named here.
 */
export async function accessCopy(tx: Tx, house: House, by: Actor, id: string): Promise<AccessCopy | undefined> {
  const fields = everyField()
    .filter(one => one.kind === 'panel' && one.rule.purposes.includes('exercise rights'))
    .map(one => one.field as Field<'panel'>) // the checked edge: the map’s own fields of this kind
  const [opened] = await house.vault.open(
    tx,
    'panel',
    { by, for: 'exercise rights', fields, related: [id] } as Parameters<
      typeof house.vault.open<'panel', 'exercise rights', Field<'panel'>>
    >[2],
    [id],
  )
  const living = await house.vault.record(id)
  if (!opened || !living) return undefined
  const openings = await tx.selectFrom('opening').selectAll().where('dossier_id', '=', id).orderBy('at').execute()
  const rows = await rowsAbout(tx, id)
  const files = await filesOf(house, id)
  // A copy is whole or is not given: what was erased meanwhile has lost parts of it.
  if ((await house.vault.record(id))?.state !== 'alive') return undefined
  const { shown, tells } = await visibleTo(tx, id)
  return {
    schema: copySchema,
    made: house.clock.now().toISOString(),
    record: { id, began: living.bornAt, deletedOn: living.expiresOn, says: `It ends ${retention.panel.says}.` },
    values: fields.flatMap(field => {
      const value = opened[field]
      if (value === undefined) return []
      const rule = dataMap.panel[field]
      return [
        {
          field,
          says: rule.says,
          value: value instanceof Special ? value.reveal() : value,
          from: provenance[rule.provenance],
          why: rule.purposes.map(purpose => saysOf(purpose)),
          sharedWith: [...rule.recipients],
        },
      ]
    }),
    openings: openings.filter(tells).map(one => ({
      at: one.at.toISOString(),
      role: one.role,
      why: saysOf(one.purpose),
      fields: one.fields,
    })),
    recipients: await recipientsIn(
      tx,
      fields.filter(field => opened[field] !== undefined),
    ),
    disclosures: shown.map(one => ({
      reference: one.reference,
      asked: one.asked_at.toISOString(),
      who: disclosureTypes[one.type].says,
      fields: one.asked_fields.map(field => ruleOf('panel', field)?.says ?? field),
      outcome: outcomeOf(one),
      given: one.released_at ? one.approved_fields.map(field => ruleOf('panel', field)?.says ?? field) : [],
    })),
    rows,
    files,
  }
}

function outcomeOf(one: Disclosure): string {
  if (one.outcome === 'taken back') return 'taken back'
  if (one.released_at) return 'given'
  return one.decision === 'refuse' ? 'refused' : 'being looked at'
}

/** The processors that stand in the register and may be given one of these fields. */
async function recipientsIn(tx: Tx, held: readonly Field<'panel'>[]): Promise<AccessCopy['recipients']> {
  return (await processorEntries(tx)).flatMap(({ name, does, place, recipient, ended_on }) => {
    const given = held.filter(field => recipient && ruleOf('panel', field)?.recipients.includes(recipient))
    return ended_on || !given.length ? [] : [{ name, does, place, fields: given }]
  })
}

/** The words after "to" of a purpose. */
export function saysOf(purpose: string): string {
  const rule: PurposeRule | undefined = (purposes as Record<string, PurposeRule>)[purpose as Purpose]
  return rule?.says ?? purpose
}

/** Rows of every table with the record's id, found in the schema itself. */
async function rowsAbout(tx: Tx, id: string): Promise<AccessCopy['rows']> {
  const { rows: tables } = await sql<{ table: string }>`
    select c.relname as table from pg_attribute a join pg_class c on c.oid = a.attrelid
    join pg_namespace n on n.oid = c.relnamespace
    where a.attname = 'dossier_id' and n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition
    order by c.relname`.execute(tx)
  const found: AccessCopy['rows'] = {}
  const declared = declaredColumns()
  for (const { table } of tables) {
    if (table === 'sealed_value' || table === 'opening') continue
    const columns = [...(declared.get(table) ?? [])].filter(name => !hidden.has(`${table}.${name}`))
    if (!columns.length) continue
    // A request stands in a dossier of its own, and says whose record it is about.
    const whose = sql.id(table === 'rights_case' ? 'subject' : 'dossier_id')
    const { rows } = await sql<Record<string, unknown>>`
      select ${sql.join(columns.map(name => sql.id(name)))} from ${sql.table(table)} where ${whose} = ${id}`.execute(tx)
    if (rows.length) found[table] = rows
  }
  return found
}

/** The files of a record; a copy that waits to be taken is none. */
export async function filesOf(house: House, id: string): Promise<AccessCopy['files']> {
  const files: AccessCopy['files'] = []
  for (const key of await house.files.list(`${id}/`)) {
    if (key.startsWith(`${id}/${waiting}`)) continue
    const size = await house.files.size(key)
    if (size !== undefined) files.push({ name: key.slice(id.length + 1), bytes: plainSizeOf(size) })
  }
  return files
}

/**
 * The copy as the text of a JSON file, its files read piece by piece: memory stays flat however large they are. It breaks
 * off, and so cannot be read as JSON, where the record is erased while it is written.
 */
export async function* copyJson(house: House, copy: AccessCopy): AsyncGenerator<string> {
  const { files, ...rest } = copy
  const { id } = copy.record
  const $schema = `${house.config.baseUrl}${schemaPaths.json}`
  yield `${JSON.stringify({ $schema, ...rest }, null, 1).slice(0, -2)},\n "files": [`
  for (const [at, { name, bytes }] of files.entries()) {
    const file = fileIn(house, id, name)
    yield `${at ? ',' : ''}\n  ${JSON.stringify({ name, bytes }).slice(0, -1)},"base64":"`
    yield* inBase64(file)
    yield '"}'
  }
  yield ']\n}\n'
}

/** What is in a file of a record; throws when the record has ended. */
export async function* fileIn(house: House, id: string, name: string): AsyncGenerator<Buffer> {
  const keys = await house.vault.keysOf(id)
  const key = ruleOf('panel', name)?.special ? keys?.special : keys?.ordinary
  if (!key) throw new RecordEnded('The record ended while its copy was written.')
  yield* openSealed(house.files, `${id}/${name}`, key, `file/panel/${name}/${id}`)
}

/** Base64 of a stream: three bytes are four letters, so what is left of a piece waits for the next. */
async function* inBase64(pieces: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let left: Buffer = Buffer.alloc(0)
  for await (const piece of pieces) {
    const bytes = left.length ? Buffer.concat([left, piece]) : piece
    const whole = bytes.length - (bytes.length % 3)
    left = bytes.subarray(whole)
    yield bytes.toString('base64', 0, whole)
  }
  yield left.toString('base64')
}

/** The copy as a table for a spreadsheet: field, words, value, why. */
export function copyRows(copy: AccessCopy): string[][] {
  return [
    tableColumns.map(([title]) => title),
    ...copy.values.map(one => [one.field, one.says, one.value, one.from, one.why.join('; '), one.takenOut ?? '']),
  ]
}
