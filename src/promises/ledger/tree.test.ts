import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  emptyTree,
  grow,
  inclusionProof,
  isIncluded,
  leafHash,
  packTree,
  rootOf,
  rootOfLeaves,
  unpackTree,
} from './tree.ts'

// RFC 6962's own leaves, with the roots of the trees of the first one to eight of them.
const bytes = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
const begins = ['6e340b9c', 'fac54203', 'aeb6bcfe', 'd37ee418', '4e3bbb1f', '76e67dad', 'ddb89be4', '5dc9da79']
const ends = ['a01d', 'c125', '6e77', '14b7', '64d4', '87ef', '4c8c', '4328']

test('[N-52] the published roots of RFC 6962 come out', () => {
  assert.match(rootOf(emptyTree).toString('hex'), /^e3b0c442.*b855$/)
  let tree = emptyTree
  bytes.forEach((hex, at) => {
    tree = grow(tree, leafHash(Buffer.from(hex, 'hex')))
    const root = rootOf(tree).toString('hex')
    assert.ok(root.startsWith(begins[at] ?? '-') && root.endsWith(ends[at] ?? '-'), `${at + 1}: ${root}`)
  })
  assert.equal(rootOf(tree).toString('hex'), '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328')
})

test('[N-52] growing leaf by leaf gives the root of the definition, and every leaf can be proved in it', () => {
  const some = fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 70 })
  fc.assert(
    fc.property(some, fc.nat(), (parts, pick) => {
      const leaves = parts.map(leafHash)
      const tree = unpackTree(packTree(leaves.reduce(grow, emptyTree)))
      const root = rootOf(tree)
      assert.deepEqual(root, rootOfLeaves(leaves))
      const index = pick % leaves.length
      const leaf = leaves[index] ?? Buffer.alloc(0)
      const proof = inclusionProof(leaves, index)
      assert.ok(isIncluded(leaf, index, leaves.length, proof, root))
      assert.ok(!isIncluded(leafHash(Buffer.from('another')), index, leaves.length, proof, root))
    }),
  )
})
