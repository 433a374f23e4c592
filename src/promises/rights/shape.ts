import { z } from 'zod'
import { columnWords, declaredColumns } from '../notice/columns/all.ts'
import { everyField } from '../notice/datamap.ts'

/** The name of the shape of a copy; a new one when it changes, so that a reader knows what to expect. */
export const copySchema = 'panelkeeper-copy-3'
/** Shapes of copies that this program takes in. */
export const readableCopies = ['panelkeeper-copy-2', copySchema] as const
/** Where the schemas are published. */
export const schemaPaths = { page: '/data-copy', json: '/data-copy/schema.json', csv: '/data-copy/csv-metadata.json' }

/** What would let others act for the person: never in a copy. */
export const hidden = new Set(['session.token_hash'])

const field = z.string().describe('The field of the data map')
const instant = z.iso.datetime()

/** One place that was searched. */
export const searchedPlace = z.object({
  place: z.string().describe('A store, a table, or someone who works for us'),
  found: z.number().nullable().describe('How much was found; null where it is held elsewhere'),
  says: z.string().describe('What it counts, in words'),
})

/** Everything that is held about one person, as it is handed to them. */
export const copyShape = z.object({
  schema: z.literal(copySchema).describe('The name of this shape'),
  made: instant.describe('When the copy was made'),
  record: z
    .object({
      id: z.uuid().describe('The random id of the record'),
      began: instant.describe('When the record began'),
      deletedOn: z.iso.date().describe('The day on which everything is deleted'),
      says: z.string().describe('Why on that day, in words'),
    })
    .describe('The record as a whole'),
  values: z
    .array(
      z.object({
        field,
        says: z.string().describe('What the field is, in words'),
        value: z.string().describe('The value as it is kept: words, or a code of the question it answers'),
        from: z.string().describe('Where the value came from'),
        why: z.array(z.string()).describe('What it is used for, each in the words after “to”'),
        sharedWith: z.array(z.string()).describe('Kinds of company that may be given it'),
        takenOut: z.string().optional().describe('Why a part of it, or all of it, was left out of this copy'),
      }),
    )
    .describe('What is held, value by value'),
  openings: z
    .array(
      z.object({
        at: instant.describe('When'),
        role: z.string().describe('In which role'),
        why: z.string().describe('For what, in the words after “to”'),
        fields: z.array(field),
      }),
    )
    .describe('Who opened it'),
  recipients: z
    .array(
      z.object({
        name: z.string().describe('The name of the company'),
        does: z.string().describe('What it does for us'),
        place: z.string().describe('Where'),
        fields: z.array(field),
      }),
    )
    .describe('Companies that work for us and are given some of it'),
  disclosures: z
    .array(
      z.object({
        reference: z.string().describe('The reference of the request'),
        asked: instant.describe('When it was asked'),
        who: z.string().describe('What kind of body asked'),
        fields: z.array(z.string()).describe('What was asked for, in words'),
        outcome: z.string().describe('What came of it'),
        given: z.array(z.string()).describe('What was given, in words'),
      }),
    )
    .describe('Requests of other bodies'),
  searched: z
    .array(searchedPlace)
    .optional()
    .describe('What was searched for this copy, where a person looked through it'),
  rows: z
    .record(z.string(), z.array(z.looseObject({})))
    .describe('Dates, states and codes, table by table, as they stand'),
  files: z
    .array(z.object({ name: z.string().describe('The field it belongs to'), bytes: z.number().describe('Its size') }))
    .describe('Files'),
})
export type AccessCopy = z.output<typeof copyShape>

const base64 = z
  .string()
  .describe('What is in the file, in base64; in a folder of its own where the copy is a ZIP file')

/** The shape of the JSON file, with every field of the map and every column of every table by name. */
export function fileShape() {
  const fields = everyField().filter(one => one.kind === 'panel' && one.rule.purposes.includes('exercise rights'))
  const value = copyShape.shape.values.element
  return copyShape.extend({
    $schema: z.string().optional().describe('Where this description is published'),
    values: z
      .array(value.extend({ field: z.union(fields.map(one => z.literal(one.field).describe(one.rule.says))) }))
      .describe('What is held, value by value'),
    rows: z.strictObject(tables()).describe('Dates, states and codes, table by table, as they stand'),
    files: z.array(copyShape.shape.files.element.extend({ base64: base64.optional() })).describe('Files'),
  })
}

function tables() {
  const columns = ([table, names]: [string, Set<string>]) =>
    [...names]
      .filter(name => !hidden.has(`${table}.${name}`))
      .map(name => [
        name,
        z
          .unknown()
          .optional()
          .describe(columnWords(table, name) ?? name),
      ])
  const rows = (one: [string, Set<string>]) => z.array(z.strictObject(Object.fromEntries(columns(one))))
  return Object.fromEntries([...declaredColumns()].map(one => [one[0], rows(one).optional()]))
}

/** The JSON Schema (2020-12) of the JSON file. */
export function jsonSchema(base: string): object {
  const { $schema, ...rest } = z.toJSONSchema(fileShape())
  return {
    $schema,
    $id: `${base}${schemaPaths.json}`,
    title: 'A copy of what a resident panel holds about one person',
    ...rest,
  }
}

/** The columns of the table for a spreadsheet, each with what it says. */
export const tableColumns = [
  ['field', 'The field of the data map'],
  ['what it is', 'What the field is, in words'],
  ['value', 'The value as it is kept: words, or a code of the question it answers'],
  ['where from', 'Where the value came from'],
  ['why we hold it', 'What it is used for, divided by “; ”'],
  ['left out', 'Why a part of it, or all of it, was left out of this copy'],
] as const

/** The metadata of the table, as the W3C’s CSV on the Web reads it. */
export function csvMetadata(): object {
  return {
    '@context': 'http://www.w3.org/ns/csvw',
    url: 'my-data.csv',
    'dc:title': 'A copy of what a resident panel holds about one person',
    dialect: { delimiter: ',', header: true, encoding: 'utf-8' },
    tableSchema: {
      columns: tableColumns.map(([titles, says]) => ({
        titles,
        name: titles.replaceAll(' ', '_'),
        datatype: 'string',
        'dc:description': says,
        required: titles === 'field',
      })),
      primaryKey: 'field',
    },
  }
}
