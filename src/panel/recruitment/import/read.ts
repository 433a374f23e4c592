import { clean } from '#src/platform/web/form.ts'
import type { Values } from '#src/promises/vault/vault.ts'
import { plain } from '../list/find.ts'
import type { Question } from '../round.ts'
import { isMarked } from '../sensitive.ts'
import { addressValue, adjustmentsValue, answersValue } from '../values.ts'
import { fieldLabels, type ImportField, looksLikeBirth, namesBirth, readAnswer, readers } from './fields.ts'
import type { Mapping } from './mapping.ts'
import { rowsOf, UnreadableFile } from './rows.ts'

/** One application as a file holds it. */
export interface Applicant {
  values: Values<'panel'>
  /** The line of the file that it begins on. */
  line?: number
  receivedOn: string | undefined
  landlordUnlisted: boolean
  markedSpecial: boolean
}

export interface ReadFile {
  good: Applicant[]
  /** Rows that cannot be taken, by line; at most 1,000 are kept, `bad` counts all. */
  faults: { line: number; why: string }[]
  bad: number
}

/** What a file is read against. */
export interface Ground {
  questions: readonly Question[]
  /** Names of member landlords, as `plain` writes them. */
  landlords: ReadonlySet<string>
  /** Applications count when they came in between these dates. */
  from: string
  to: string
  mapping(headings: readonly string[]): Mapping | string
}

/** Reads a file of applications row by row. Throws UnreadableFile when it is no such file at all. */
export async function readApplicants(file: Buffer | AsyncIterable<Buffer>, ground: Ground): Promise<ReadFile> {
  const result: ReadFile = { good: [], faults: [], bad: 0 }
  let mapping: Mapping | undefined
  let width = 0
  for await (const { line, cells } of rowsOf(file)) {
    if (!mapping) {
      width = cells.length
      mapping = mappingOf(
        cells.map(cell => clean(cell)),
        ground,
      )
      continue
    }
    const read =
      cells.length > width
        ? { why: ['The row has more cells than there are headings'] }
        : readRow(cells, mapping, ground)
    if ('values' in read) result.good.push({ ...read, line })
    else {
      result.bad++
      if (result.faults.length < 1000) result.faults.push({ line, why: [...new Set(read.why)].join('; ') })
    }
  }
  return result
}

function mappingOf(headings: string[], ground: Ground): Mapping {
  const birth = headings.find(namesBirth)
  if (birth) throw new UnreadableFile(`The column “${birth}” holds dates of birth, which may not be kept: delete it`)
  const mapping = ground.mapping(headings)
  if (typeof mapping === 'string') throw new UnreadableFile(mapping.replace(/\.$/, ''))
  if (![...mapping.values()].includes('name')) throw new UnreadableFile('No column holds the name: say which one does')
  return mapping
}

function readRow(cells: string[], mapping: Mapping, ground: Ground): Applicant | { why: string[] } {
  const why: string[] = []
  const texts = new Map<string, string>()
  cells.forEach((cell, column) => {
    const text = clean(cell)
    const field = mapping.get(column)
    if (field !== 'received' && looksLikeBirth(text))
      why.push('A cell looks like a date of birth, which may not be kept')
    if (!field || !text) return
    const before = texts.get(field)
    texts.set(field, before ? `${before}${field === 'address' ? '\n' : ' '}${text}` : text)
  })
  const held: { [F in ImportField]?: string } = {}
  for (const field of fields) {
    const text = texts.get(field)
    if (!text) continue
    const read = readers[field](text)
    if ('why' in read) why.push(read.why)
    else held[field] = read.value
  }
  const answers: Record<string, string> = {}
  ground.questions.forEach((question, at) => {
    const text = texts.get(`answer${at + 1}`)
    const read = text ? readAnswer(text, question.mostCharacters) : undefined
    if (read && 'why' in read) why.push(read.why)
    else if (read) answers[question.id] = read.value
  })
  why.push(...wrongTogether(held, ground))
  if (why.length) return { why }
  return applicantOf(held, answers, ground)
}

const fields = Object.keys(fieldLabels) as ImportField[] // the checked edge: the keys of a const

function wrongTogether(held: { [F in ImportField]?: string }, { from, to }: Ground): string[] {
  const { name, channel, address, postcode, received } = held
  return [
    ...(name ? [] : ['There is no name']),
    ...(address && !postcode ? ['The address has no postcode'] : []),
    ...(channel && !held[channel === 'post' ? 'address' : channel === 'phone' ? 'phone' : 'email']
      ? ['What is needed to reach them in the way they want is missing']
      : []),
    ...(received && (received < from || received > to) ? ['The date received is not in the time of the round'] : []),
  ]
}

function applicantOf(
  held: { [F in ImportField]?: string },
  answers: Record<string, string>,
  { landlords }: Ground,
): Applicant {
  const { address, postcode, adjustments, received, ...rest } = held
  const usual = held.email ? 'email' : held.phone ? 'phone' : address ? 'post' : undefined
  const texts = Object.values(answers)
  return {
    values: {
      ...rest,
      channel: held.channel ?? usual,
      address: address && postcode ? addressValue.write({ lines: address.split('\n'), postcode }) : undefined,
      adjustments: adjustments ? adjustmentsValue.write({ ticked: [], words: adjustments }) : undefined,
      answers: texts.length ? answersValue.write(answers) : undefined,
    },
    receivedOn: received,
    landlordUnlisted: !held.landlord || !landlords.has(plain(held.landlord)),
    markedSpecial: isMarked(texts),
  }
}
