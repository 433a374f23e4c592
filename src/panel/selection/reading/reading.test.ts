import assert from 'node:assert/strict'
import { test } from 'node:test'
import { agree } from './agree.ts'
import { type Fault, say } from './fault.ts'
import { readPool } from './pool.ts'
import { readQuotas } from './quotas.ts'

const quotas = 'feature,value,min,max\nage,young,1,2\nage,old,1,2\n'

function read(poolText: string | Uint8Array, quotasText: string | Uint8Array, size = 2, columns = {}) {
  const faults: Fault[] = []
  const bytes = (text: string | Uint8Array) => (typeof text === 'string' ? Buffer.from(text) : text)
  const asked = readQuotas(bytes(quotasText), 'quotas.csv', faults)
  const pool = readPool(bytes(poolText), 'pool.csv', asked, columns, faults)
  agree(pool, asked, size, { pool: 'pool.csv', quotas: 'quotas.csv' }, faults)
  return { pool, quotas: asked, said: faults.map(say) }
}

test('both headings of quotas are read alike', () => {
  const other = quotas.replace('feature,value', 'category,feature')
  const strip = (list: unknown[]) => JSON.stringify(list)
  assert.equal(
    strip(read('id,age\n1,young\n2,old\n', other).quotas),
    strip(read('id,age\n1,young\n2,old\n', quotas).quotas),
  )
})

test('commas, quotation marks, accents, semicolons, tabs and a byte order mark are read as they are meant', () => {
  const value = 'Ynys Môn, “the isle” ""north""'
  const { pool, said } = read(`\ufeffid,area\n1,"${value}"\n`, `feature,value,min,max\narea,"${value}",0,1\n`, 1)
  assert.deepEqual(said, [])
  assert.equal(pool.values[0]![0], 'Ynys Môn, “the isle” "north"')
  for (const mark of [';', '\t'])
    assert.deepEqual(read('id,age\n1,young\n2,old\n'.replaceAll(',', mark), quotas.replaceAll(',', mark)).said, [])
})

test('without an id column the row number is the id', () => {
  assert.deepEqual(read('age\nyoung\nold\n', quotas).pool.ids, ['1', '2'])
})

test('every fault is named at once, with its file, its line and how to mend it', () => {
  const { said } = read(
    'id,age\n1,young\n1,old\n3,middle\n4,\n5\n\n,old\n8,middle\n',
    'feature,value,min,max\nage,young,3,2\nage,old,one,2\nage,old,0,1\n',
  )
  assert.deepEqual(said, [
    'quotas.csv, line 2: The min of “age: young” is 3, above its max, 2. Lower the min or raise the max.',
    'quotas.csv, line 3: The min of “age: old” is “one”. Write a whole number, 0 or more, in digits.',
    'quotas.csv, line 4: “age: old” stands on line 3 too. Keep one of the two rows.',
    'pool.csv, line 3: The id “1” stands on line 2 too. Delete one of the rows.',
    'pool.csv, line 6: There are 1 columns here and 2 in the heading. A comma inside a value needs quotes around the whole value; a missing value needs its comma.',
    'pool.csv, line 7: This row is blank. Delete it, or put the missing person back.',
    'pool.csv, line 4: “middle” is not a value of “age” in the quotas (and on 1 more line). Correct it, add a quota for it, or write “Not stated” for someone who did not say.',
    'pool.csv, line 5: “age” is empty. Fill it in, or write “Not stated” for someone who did not say.',
    'pool.csv, line 8: The id is empty. Give every person an id of their own.',
  ])
})

test('a missing column, rows below it, and sums that cannot be are named at once too', () => {
  const { said } = read(
    'id,Age,place\n1,young,north\n1,old,\n3,old,south\n',
    `${quotas}place,north,2,2\nplace,south,2,2\nplace,,1,1\n`,
    3,
  )
  assert.deepEqual(
    said.map(sentence => sentence.split('. ')[0]),
    [
      'quotas.csv, line 6: The feature or its value is empty',
      'pool.csv, line 1: There is no column “age”, which the quotas name',
      'pool.csv, line 3: The id “1” stands on line 2 too',
      'pool.csv, line 3: “place” is empty',
    ],
  )
  const { said: sums } = read('id,Age,place\n1,young,east\n', `${quotas}place,north,2,2\nplace,south,2,2\n`, 3)
  assert.match(sums.join(), /no column “age”.*“east” is not a value.*mins of “place” add up to 4/)
  assert.match(read('id,age\n1,young\n1,old\n', 'wrong,heading\n').said.join(), /The heading is.*The id “1” stands/)
  assert.match(read('id,age\n1,middle\n', quotas, 0).said.join(), /“middle” is not.*whole number of 1 or more/)
})

test('a file in an older encoding is refused with the line and how to save it', () => {
  const [first] = read(
    Buffer.from('id,area\n1,Ynys M\xf4n\n', 'latin1'),
    'feature,value,min,max\narea,Ynys Môn,0,1\n',
    1,
  ).said
  assert.match(first!, /^pool\.csv, line 2: .*Windows-1252.*“CSV UTF-8/)
  const [utf16] = read(Buffer.from('\ufeffid,age\n', 'utf16le'), quotas).said
  assert.match(utf16!, /UTF-16/)
})

test('a quotation mark that is never closed is named with its line', () => {
  assert.match(read('id,age\n1,"young\n2,old\n', quotas).said[0]!, /quotation mark/)
})

test('an empty file, a heading alone and a wrong heading are named', () => {
  assert.match(read('', quotas).said[0]!, /The file is empty/)
  assert.match(read('id,age\n', quotas).said[0]!, /nobody in the pool/)
  assert.match(read('id,age\n1,old\n', 'a,b,c\n1,2,3\n').said[0]!, /The heading is “a,b,c”/)
  assert.match(read('id,Age\n1,old\n', quotas).said[0]!, /no column “age”/)
})

test('sizes and sums that cannot be are named before any solver runs', () => {
  const pool = 'id,age\n1,young\n2,old\n3,old\n'
  assert.match(read(pool, quotas, 0).said[0]!, /whole number of 1 or more/)
  assert.match(read(pool, quotas, 4).said[0]!, /panel is 4 people and the pool has 3/)
  assert.match(read(pool, quotas, 1).said[0]!, /mins of “age” add up to 2, above the panel size, 1/)
  assert.match(
    read(pool, 'feature,value,min,max\nage,young,0,1\nage,old,0,1\n', 3).said[0]!,
    /maxes of “age” add up to 2/,
  )
  assert.match(read(pool, `${quotas}age,ancient,1,1\n`, 3).said[0]!, /nobody is/)
})

test('a value of 0 to 0 that nobody has is no fault, and “Not stated” is outside every quota', () => {
  assert.deepEqual(read('id,age\n1,young\n2,old\n3,Not stated\n', `${quotas}age,child,0,0\n`).said, [])
})

test('500 features and 300 values are read', () => {
  const names = Array.from({ length: 500 }, (_, f) => `f${f}`)
  const asked = `feature,value,min,max\n${names.map(name => `${name},a,0,2`).join('\n')}\n${Array.from({ length: 300 }, (_, v) => `many,v${v},0,1`).join('\n')}\n`
  const people = Array.from({ length: 20 }, (_, i) => [...names.map(() => 'a'), `v${i}`].join())
  assert.deepEqual(read(`${names.join()},many\n${people.join('\n')}\n`, asked).said, [])
})
