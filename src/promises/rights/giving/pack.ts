import { type StreamedPart, zipStream } from '#src/platform/files/zip-stream.ts'
import { csv } from '#src/platform/web/csv.ts'
import type { House } from '../../house.ts'
import { type AccessCopy, copyRows, fileIn } from '../copy.ts'
import { csvMetadata, jsonSchema, schemaPaths } from '../shape.ts'

/**
 * A copy as one ZIP file: a page to read, the JSON and the table with their schemas, and each file as it is. It is written
 * as it is read, so that memory stays flat however large the files are.
 */
export function pack(house: House, copy: AccessCopy, page: string): AsyncGenerator<Buffer> {
  return zipStream(partsOf(house, copy, page), house.clock.now())
}

async function* partsOf(house: House, copy: AccessCopy, page: string): AsyncGenerator<StreamedPart> {
  const { baseUrl } = house.config
  const [head = [], ...rows] = copyRows(copy)
  const json = { $schema: `${baseUrl}${schemaPaths.json}`, ...copy }
  yield text('read-me.html', page)
  yield text('copy.json', JSON.stringify(json, null, 1))
  yield text('my-data.csv', csv(head, rows))
  yield text('schema.json', JSON.stringify(jsonSchema(baseUrl), null, 1))
  yield text('csv-metadata.json', JSON.stringify(csvMetadata(), null, 1))
  for (const { name } of copy.files) yield { name: `files/${name}`, bytes: fileIn(house, copy.record.id, name) }
}

function text(name: string, words: string): StreamedPart {
  return { name, bytes: [Buffer.from(words)] }
}
