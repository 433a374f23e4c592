import { Readable } from 'node:stream'
import { TextDecoder } from 'node:util'
import { CsvError, parse } from 'csv-parse'

/** A row of a file, with the line it begins on. */
export interface Row {
  line: number
  cells: string[]
}

/** A file that cannot be read as a table; the sentence says why, without quoting it. */
export class UnreadableFile extends Error {
  readonly sentence: string
  constructor(sentence: string) {
    super('unreadable file')
    this.sentence = sentence
  }
}

/** The most rows that one file may hold. */
export const MOST_ROWS = 50_000

/**
 * Reads a CSV file row by row, the heading row first, without holding it in memory: commas, semicolons or tabs; UTF-8 or
 * the UTF-16 that spreadsheets save. Throws UnreadableFile.
 */
export async function* rowsOf(file: Buffer | AsyncIterable<Buffer>): AsyncGenerator<Row> {
  const text = decoded(Buffer.isBuffer(file) ? [file] : file)
  const first = await text.next()
  if (first.done || !first.value.trim()) throw new UnreadableFile('The file is empty')
  const parser = parse({
    delimiter: delimiterOf(first.value),
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: 200_000,
    info: true,
  })
  const source = Readable.from(rest(first.value, text))
  source.on('error', error => parser.destroy(error))
  source.pipe(parser)
  let count = 0
  let line = 1
  try {
    for await (const { record, info } of parser) {
      if (++count > MOST_ROWS + 1)
        throw new UnreadableFile(
          `The file has more than ${MOST_ROWS.toLocaleString('en-GB')} rows: split it into several files`,
        )
      const cells: string[] = record
      yield { line, cells }
      line = info.lines + 1
    }
  } catch (error) {
    if (error instanceof CsvError) throw new UnreadableFile(faultOf(error))
    throw error
  } finally {
    source.destroy()
    parser.destroy()
  }
}

function faultOf(error: CsvError): string {
  const line = 'lines' in error ? ` on line ${Number(error.lines)}` : ''
  if (error.code === 'CSV_QUOTE_NOT_CLOSED') return 'A quotation mark is opened and never closed'
  if (error.code === 'CSV_MAX_RECORD_SIZE') return `A row is too long${line}`
  return `The quotation marks are not as a CSV file has them${line}`
}

async function* decoded(chunks: Iterable<Buffer> | AsyncIterable<Buffer>): AsyncGenerator<string> {
  const wrong = new UnreadableFile('The file is not in UTF-8: save it as “CSV UTF-8” and try again')
  let decoder: TextDecoder | undefined
  try {
    for await (const chunk of chunks) {
      decoder ??= new TextDecoder(chunk[0] === 0xff && chunk[1] === 0xfe ? 'utf-16le' : 'utf-8', { fatal: true })
      const text = decoder.decode(chunk, { stream: true })
      if (text.includes('\0')) throw wrong
      if (text) yield text
    }
    const last = decoder?.decode() ?? ''
    if (last) yield last
  } catch (error) {
    if (error instanceof TypeError) throw wrong
    throw error
  }
}

async function* rest(first: string, more: AsyncGenerator<string>): AsyncGenerator<string> {
  yield first
  yield* more
}

/** The mark that stands most often in the heading, outside quotation marks. */
function delimiterOf(text: string): string {
  const heading = (text.split(/\r?\n|\r/, 1)[0] ?? '').replace(/"[^"]*"/g, '')
  const times = (mark: string) => heading.split(mark).length - 1
  return [',', ';', '\t'].sort((a, b) => times(b) - times(a))[0] ?? ','
}

/** The text of a whole uploaded file, or why it cannot be read. */
export async function decodeFile(file: Buffer): Promise<{ text: string } | { why: string }> {
  try {
    const parts: string[] = []
    for await (const part of decoded([file])) parts.push(part)
    return { text: parts.join('') }
  } catch (error) {
    if (error instanceof UnreadableFile) return { why: error.sentence }
    throw error
  }
}
