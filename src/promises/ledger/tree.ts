import { createHash, hash } from 'node:crypto'

// The Merkle tree of RFC 6962 section 2.1 (and RFC 9162): a leaf is hashed after a 0x00, a node after a 0x01, so that
// neither can be taken for the other.

const leafMark = Buffer.of(0)
const nodeMark = Buffer.of(1)

/** The hash of one leaf's bytes. */
export function leafHash(bytes: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([leafMark, bytes]), 'buffer')
}

function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([nodeMark, left, right]), 'buffer')
}

/** A tree that only grows: the roots of its full subtrees, largest first. It holds 32 bytes for each bit of its size. */
export interface Tree {
  size: number
  peaks: Buffer[]
}

export const emptyTree: Tree = { size: 0, peaks: [] }

/** The tree with one more leaf. */
export function grow(tree: Tree, leaf: Buffer): Tree {
  const peaks = [...tree.peaks]
  let node = leaf
  // Every trailing one bit of the size is a full subtree that joins with the new one.
  for (let bits = tree.size; bits % 2 === 1; bits = (bits - 1) / 2) {
    const left = peaks.pop()
    if (!left) throw new Error('A tree has a peak for each bit of its size.')
    node = nodeHash(left, node)
  }
  return { size: tree.size + 1, peaks: [...peaks, node] }
}

/** The root of a tree; of an empty one, the hash of nothing. */
export function rootOf(tree: Tree): Buffer {
  const last = tree.peaks.at(-1)
  if (!last) return createHash('sha256').digest()
  return tree.peaks.slice(0, -1).reduceRight((right, left) => nodeHash(left, right), last)
}

export function packTree(tree: Tree): Buffer {
  const size = Buffer.alloc(8)
  size.writeBigUInt64BE(BigInt(tree.size))
  return Buffer.concat([size, ...tree.peaks])
}

export function unpackTree(bytes: Uint8Array): Tree {
  const packed = Buffer.from(bytes)
  const peaks: Buffer[] = []
  for (let at = 8; at < packed.length; at += 32) peaks.push(packed.subarray(at, at + 32))
  return { size: Number(packed.readBigUInt64BE()), peaks }
}

/** The proof that leaf `index` is in the tree of these leaves (RFC 6962 section 2.1.1). */
export function inclusionProof(leaves: readonly Buffer[], index: number): Buffer[] {
  if (leaves.length <= 1) return []
  const split = largestPowerBelow(leaves.length)
  return index < split
    ? [...inclusionProof(leaves.slice(0, split), index), rootOfLeaves(leaves.slice(split))]
    : [...inclusionProof(leaves.slice(split), index - split), rootOfLeaves(leaves.slice(0, split))]
}

/** Whether a proof leads from a leaf to the root (RFC 9162 section 2.1.3.2). */
export function isIncluded(leaf: Buffer, index: number, size: number, proof: readonly Buffer[], root: Buffer): boolean {
  if (index >= size) return false
  let at = index
  let last = size - 1
  let hash = leaf
  for (const beside of proof) {
    if (last === 0) return false
    if (at % 2 === 1 || at === last) {
      hash = nodeHash(beside, hash)
      while (at % 2 === 0 && at !== 0) {
        at /= 2
        last = Math.floor(last / 2)
      }
    } else hash = nodeHash(hash, beside)
    at = Math.floor(at / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 && hash.equals(root)
}

/** The root by the recursive definition. */
export function rootOfLeaves(leaves: readonly Buffer[]): Buffer {
  const [only] = leaves
  if (!only) return createHash('sha256').digest()
  if (leaves.length === 1) return only
  const split = largestPowerBelow(leaves.length)
  return nodeHash(rootOfLeaves(leaves.slice(0, split)), rootOfLeaves(leaves.slice(split)))
}

function largestPowerBelow(size: number): number {
  let power = 1
  while (power * 2 < size) power *= 2
  return power
}
