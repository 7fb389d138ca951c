import { c as ResourceError, r as ConfigError, s as RequestError } from "./errors-CjlPyKrT.js";
import { a as longestRequest, i as fullAttentionOnly, o as maxStepTokens, r as firstSeen, t as blocksOfGroup } from "./kv-cache-group-WBwL_RtM.js";
import { hash } from "node:crypto";
// src/kv-cache/block-hash.ts
/** Block hashes: a name for the content of a full block and everything before it. */
const HASH_BYTES = 32;
/** Parent of every first block. Fixed, so that hashes agree between processes and runs. */
const SEED = hash("sha256", "quire.kv-cache.block-hash.v1", "binary");
/**
* The extra keys of the block of tokens [start, end): the LoRA adapter in every block; the cache salt in the block that
* starts at 0 only, because every later hash depends on that one's.
*/
function extraKeys(request, start) {
	const keys = [];
	if (request.loraName !== null) keys.push({
		tag: "lora",
		value: request.loraName
	});
	if (start === 0 && request.cacheSalt !== null) keys.push({
		tag: "cache_salt",
		value: request.cacheSalt
	});
	return keys;
}
/**
* Hashes the blocks of requests, each once, chained to the one before:
* SHA-256(parent's hash | number of tokens | token ids as little-endian int32 | for each extra key: tag, value), where
* tag and value are UTF-16 with their byte lengths before them. No two different contents have the same encoding, so an
* adapter's name is never mistaken for a salt.
*/
var BlockHasher = class {
	blockSize;
	/** Parent, count and tokens of the block in work. */
	#bytes;
	#tokens;
	/** @param blockSize tokens per block */
	constructor(blockSize) {
		this.blockSize = blockSize;
		const buffer = /* @__PURE__ */ new ArrayBuffer(36 + 4 * blockSize);
		this.#bytes = Buffer.from(buffer);
		this.#bytes.writeUInt32LE(blockSize, HASH_BYTES);
		this.#tokens = new Int32Array(buffer, 36, blockSize);
	}
	/** Brings `request.blockHashes` up to its full blocks of now; hashes only those that are new. */
	extend(request) {
		const { blockHashes } = request;
		const numFull = Math.floor(request.numTokens / this.blockSize);
		for (let i = blockHashes.length; i < numFull; i++) {
			const start = i * this.blockSize;
			for (let j = 0; j < this.blockSize; j++) this.#tokens[j] = request.tokenAt(start + j);
			blockHashes.push(this.#hash(blockHashes[i - 1] ?? SEED, extraKeys(request, start)));
		}
	}
	/** The hash of one block by itself: 32 bytes as a string of 32 characters 0..255. */
	hashBlock(parent, tokenIds, keys) {
		if (tokenIds.length !== this.blockSize) throw new Error(`block hash: expected ${this.blockSize} tokens, got ${tokenIds.length}`);
		this.#tokens.set(tokenIds);
		return this.#hash(parent ?? SEED, keys);
	}
	#hash(parent, keys) {
		this.#bytes.write(parent, 0, "latin1");
		const bytes = keys.length === 0 ? this.#bytes : Buffer.concat([this.#bytes, ...keys.map(encodeKey)]);
		return hash("sha256", bytes, "binary");
	}
};
function encodeKey(key) {
	const tag = Buffer.from(key.tag, "utf16le");
	const value = Buffer.from(key.value, "utf16le");
	const lengths = Buffer.alloc(8);
	lengths.writeUInt32LE(tag.length, 0);
	lengths.writeUInt32LE(value.length, 4);
	return Buffer.concat([
		lengths,
		tag,
		value
	]);
}
// src/kv-cache/cached-block-map.ts
/**
* Several blocks may hold the same content, because a block table never changes once written: two requests that compute
* the same tokens side by side keep a block each. Nearly always there is one, so one is kept without a set around it.
*/
var CachedBlockMap = class {
	#blocks = /* @__PURE__ */ new Map();
	/** Number of different hashes. */
	get size() {
		return this.#blocks.size;
	}
	/** A block with this content, the one that was registered first; undefined if there is none. */
	get(hash) {
		const found = this.#blocks.get(hash);
		if (!(found instanceof Set)) return found;
		for (const block of found) return block;
	}
	/** All blocks with this content. A copy. */
	all(hash) {
		const found = this.#blocks.get(hash);
		if (found === void 0) return [];
		return found instanceof Set ? [...found] : [found];
	}
	add(hash, block) {
		const found = this.#blocks.get(hash);
		if (found === void 0) this.#blocks.set(hash, block);
		else if (found instanceof Set) found.add(block);
		else if (found !== block) this.#blocks.set(hash, /* @__PURE__ */ new Set([found, block]));
	}
	/** @returns whether it was there */
	delete(hash, block) {
		const found = this.#blocks.get(hash);
		if (found === block) return this.#blocks.delete(hash);
		if (!(found instanceof Set) || !found.delete(block)) return false;
		if (found.size === 1) for (const last of found) this.#blocks.set(hash, last);
		return true;
	}
	clear() {
		this.#blocks.clear();
	}
	/** Every hash with each of its blocks. For checks and tests. */
	*entries() {
		for (const hash of this.#blocks.keys()) for (const block of this.all(hash)) yield [hash, block];
	}
};
// src/kv-cache/kv-cache-block.ts
/** KVCacheBlock: what the bookkeeping knows of one page of the KV cache. */
/** One page: room for the keys and values of `blockSize` tokens. All are made once, with the pool. */
var KVCacheBlock = class {
	/** 0 is the null block: never handed out, never freed, never cached. */
	id;
	/** Block-table entries that name this block. Not kept for the null block. */
	refCount = 0;
	/** Set while the block is full and can be found by its content; belongs to the pool. */
	hash = null;
	/** KV cache group under which `hash` is registered. */
	groupId = 0;
	/** Neighbours in the free list, null outside it; belong to FreeBlockQueue. */
	previousFree = null;
	nextFree = null;
	constructor(id) {
		this.id = id;
	}
	get isNull() {
		return this.id === 0;
	}
};
// src/kv-cache/free-block-queue.ts
/** FreeBlockQueue: the free blocks in the order of their reuse. A doubly linked list through the blocks themselves. */
/**
* First in the queue is reused first. Every operation costs O(1) per block, taking one out of the middle too, which a
* prefix hit on a free block needs. Nothing is allocated.
*/
var FreeBlockQueue = class {
	/** Two ends that are never handed out spare every operation the question "is there a neighbour?". */
	#head = new KVCacheBlock(-1);
	#tail = new KVCacheBlock(-1);
	#size = 0;
	/** @param blocks free at the start, in this order */
	constructor(blocks = []) {
		this.#head.nextFree = this.#tail;
		this.#tail.previousFree = this.#head;
		for (const block of blocks) this.append(block);
	}
	get size() {
		return this.#size;
	}
	/** Takes the first block out. @throws Error if there is none */
	popFirst() {
		const first = this.#head.nextFree;
		if (first === this.#tail) throw new Error("free block queue: expected a free block; it is empty");
		this.remove(first);
		return first;
	}
	/** Takes this block out, wherever it stands. @throws Error if it is not in the queue */
	remove(block) {
		const { previousFree: before, nextFree: after } = block;
		if (before === null || after === null) throw new Error(`free block queue: block ${block.id} is to be taken out, but is not in it`);
		before.nextFree = after;
		after.previousFree = before;
		block.previousFree = null;
		block.nextFree = null;
		this.#size--;
	}
	/** Adds a block at the end: reused last. */
	append(block) {
		this.#insertAfter(this.#tail.previousFree, block);
	}
	/** Adds blocks at the front, in this order: the first of them is reused next. */
	prepend(blocks) {
		let before = this.#head;
		for (const block of blocks) {
			this.#insertAfter(before, block);
			before = block;
		}
	}
	/** The free blocks, first to last. For checks and tests. */
	*[Symbol.iterator]() {
		for (let block = this.#head.nextFree; block !== this.#tail; block = block.nextFree) yield block;
	}
	#insertAfter(before, block) {
		if (block.nextFree !== null) throw new Error(`free block queue: block ${block.id} is in it already`);
		const after = before.nextFree;
		before.nextFree = block;
		block.previousFree = before;
		block.nextFree = after;
		after.previousFree = block;
		this.#size++;
	}
};
// src/kv-cache/block-pool.ts
/** BlockPool: all pages of the KV cache; hands out, takes back, and finds them again by content. */
/**
* Shared by all KV cache groups. A freed block keeps its content and its hash until it is handed out again, so a free
* block may still be hit; which free block is reused next decides what the prefix cache remembers.
*/
var BlockPool = class {
	/** By id. `blocks[0]` is the null block. */
	blocks;
	freeBlocks;
	#cached;
	/**
	* @param numBlocks all blocks, the null block included
	* @param numGroups KV cache groups; equal hashes of different groups are different blocks
	* @throws ResourceError if there is not at least one block besides the null block
	*/
	constructor(numBlocks, numGroups = 1) {
		if (!Number.isSafeInteger(numBlocks) || numBlocks < 2) throw new ResourceError(`KV cache: needs at least 2 blocks (one is reserved), got ${numBlocks}; raise --kv-cache-memory-bytes`);
		this.blocks = Array.from({ length: numBlocks }, (_, id) => new KVCacheBlock(id));
		this.freeBlocks = new FreeBlockQueue(this.blocks.slice(1));
		this.#cached = Array.from({ length: numGroups }, () => new CachedBlockMap());
	}
	get nullBlock() {
		return this.blocks[0];
	}
	/** Blocks that requests can have: all but the null block. */
	get numUsableBlocks() {
		return this.blocks.length - 1;
	}
	get numFreeBlocks() {
		return this.freeBlocks.size;
	}
	/** Share of the usable blocks that requests hold, 0..1. */
	get usage() {
		return 1 - this.numFreeBlocks / this.numUsableBlocks;
	}
	/**
	* Takes `count` blocks from the front of the free list; they lose their old content. Reference count 1 each.
	*
	* @throws Error if fewer are free: ask `numFreeBlocks` first
	*/
	allocate(count) {
		if (count > this.numFreeBlocks) throw new Error(`block pool: ${count} blocks wanted, ${this.numFreeBlocks} free`);
		const blocks = [];
		for (let i = 0; i < count; i++) {
			const block = this.freeBlocks.popFirst();
			this.forget(block);
			block.refCount = 1;
			blocks.push(block);
		}
		return blocks;
	}
	/** Takes a reference to each block; one that was free leaves the free list and so cannot be handed out. */
	touch(blocks) {
		for (const block of blocks) {
			if (block.isNull) continue;
			if (block.refCount === 0) this.freeBlocks.remove(block);
			block.refCount++;
		}
	}
	/**
	* Gives up a reference to each block. Those that nobody holds any more become free: blocks without a hash, which can
	* never be hit, at the front of the free list, the others at its end; both in the order given.
	*
	* @param blocks the ones to be reused earlier first; a request's last block before its first
	*/
	release(blocks) {
		const unhashed = [];
		for (const block of blocks) {
			if (block.isNull) continue;
			if (block.refCount <= 0) throw new Error(`block pool: block ${block.id} is freed twice`);
			if (--block.refCount > 0) continue;
			if (block.hash === null) unhashed.push(block);
			else this.freeBlocks.append(block);
		}
		this.freeBlocks.prepend(unhashed);
	}
	/** A block of this group with this content, or undefined. Takes no reference: `touch` it before any allocation. */
	find(hash, groupId) {
		return this.#cached[groupId].get(hash);
	}
	/** All blocks of this group with this content. */
	findAll(hash, groupId) {
		return this.#cached[groupId].all(hash);
	}
	/** Makes a full block findable by its content. @throws Error if it is registered already */
	register(block, hash, groupId) {
		if (block.hash !== null || block.isNull) throw new Error(`block pool: block ${block.id} is ${block.isNull ? "the null block" : "hashed already"}`);
		block.hash = hash;
		block.groupId = groupId;
		this.#cached[groupId].add(hash, block);
	}
	/** Makes a block unfindable; who holds it keeps it. */
	forget(block) {
		if (block.hash === null) return;
		this.#cached[block.groupId].delete(block.hash, block);
		block.hash = null;
	}
	/** Forgets the content of every block. @returns false, and does nothing, while any block is held */
	resetPrefixCache() {
		if (this.numFreeBlocks !== this.numUsableBlocks) return false;
		for (const map of this.#cached) map.clear();
		for (const block of this.blocks) block.hash = null;
		return true;
	}
	/** Every registered (hash, block, group). For checks and tests. */
	*cachedBlocks() {
		for (const [groupId, map] of this.#cached.entries()) for (const [hash, block] of map.entries()) yield {
			hash,
			block,
			groupId
		};
	}
};
// src/kv-cache/block-tables.ts
const NO_BLOCKS$2 = [];
var BlockTables = class {
	groupId;
	pool;
	blockSize;
	#group;
	#use;
	#tables = /* @__PURE__ */ new Map();
	constructor({ pool, groupId, use }, group) {
		this.pool = pool;
		this.groupId = groupId;
		this.blockSize = use.blockSize;
		this.#group = group;
		this.#use = use;
	}
	numBlocksToAllocate(requestId, numTokens, hit) {
		const numHeld = (this.#tables.get(requestId)?.blocks.length ?? 0) + hit.length;
		const count = Math.max(0, Math.ceil(numTokens / this.blockSize) - numHeld);
		return hit.length === 0 ? count : count + numFree(hit);
	}
	numBlocksToAdmit(numTokens, hit) {
		let count = blocksOfGroup(this.#group, numTokens, this.#use) + numFree(hit);
		for (const block of hit) if (!block.isNull) count--;
		return Math.max(0, count);
	}
	addHit(requestId, hit) {
		if (hit.length === 0) return;
		if (this.#tables.has(requestId)) throw new Error(`block table of ${requestId}: a prefix hit can only start a table; this one has blocks`);
		this.pool.touch(hit);
		const numDropped = hit.findIndex((block) => !block.isNull);
		this.#tables.set(requestId, {
			blocks: [...hit],
			numCached: hit.length,
			numDropped: numDropped < 0 ? hit.length : numDropped
		});
	}
	addNew(requestId, numTokens) {
		let table = this.#tables.get(requestId);
		const count = Math.ceil(numTokens / this.blockSize) - (table?.blocks.length ?? 0);
		if (count <= 0) return NO_BLOCKS$2;
		const added = this.pool.allocate(count);
		if (table === void 0) this.#tables.set(requestId, table = {
			blocks: [],
			numCached: 0,
			numDropped: 0
		});
		table.blocks.push(...added);
		return added;
	}
	cacheFullBlocks(request, numTokens) {
		const table = this.#tables.get(request.requestId);
		if (table === void 0) return;
		const numFull = Math.floor(numTokens / this.blockSize);
		for (; table.numCached < numFull; table.numCached++) this.pool.register(table.blocks[table.numCached], request.blockHashes[table.numCached], this.groupId);
	}
	free(requestId, numComputedTokens) {
		const table = this.#tables.get(requestId);
		if (table === void 0) return;
		this.#tables.delete(requestId);
		const numComputed = Math.floor(numComputedTokens / this.blockSize);
		for (let i = numComputed; i < table.numCached; i++) this.pool.forget(table.blocks[i]);
		this.pool.release(table.blocks.reverse());
	}
	table(requestId) {
		return this.#tables.get(requestId)?.blocks ?? NO_BLOCKS$2;
	}
	*tables() {
		for (const [requestId, table] of this.#tables) yield [requestId, table.blocks];
	}
	/** Gives back the request's first blocks, so that `count` of them are the null block; the last of them first. */
	dropFirst(requestId, count) {
		const table = this.#tables.get(requestId);
		if (table === void 0 || table.numDropped >= count) return;
		const dropped = [];
		for (let i = Math.min(count, table.blocks.length) - 1; i >= table.numDropped; i--) {
			dropped.push(table.blocks[i]);
			table.blocks[i] = this.pool.nullBlock;
		}
		table.numDropped = count;
		this.pool.release(dropped);
	}
};
/** Blocks that nobody holds: taking them makes the pool smaller. */
function numFree(blocks) {
	let count = 0;
	for (const block of blocks) if (block.refCount === 0 && !block.isNull) count++;
	return count;
}
// src/kv-cache/full-attention-manager.ts
/** Keeps every block of a request; a hit is a run of found blocks from the first one on. */
var FullAttentionManager = class extends BlockTables {
	constructor(options) {
		super(options, { kind: "full" });
	}
	findLongestHit(blockHashes, maxNumBlocks) {
		const most = Math.min(blockHashes.length, maxNumBlocks);
		const hit = [];
		for (let i = 0; i < most; i++) {
			const block = this.pool.find(blockHashes[i], this.groupId);
			if (block === void 0) break;
			hit.push(block);
		}
		return hit;
	}
	dropUnseen() {}
};
// src/kv-cache/prefix-cache-stats.ts
/** All zero. */
function newPrefixCacheStats() {
	return {
		requests: 0,
		queries: 0,
		hits: 0,
		preemptedRequests: 0,
		preemptedQueries: 0,
		preemptedHits: 0
	};
}
// src/kv-cache/local-attention-manager.ts
/** Gives back blocks that no later row sees; a hit needs only the blocks that the row after it sees. */
var LocalAttentionManager = class extends BlockTables {
	#group;
	constructor(options, group) {
		super(options, group);
		this.#group = group;
	}
	/** From the longest possible hit to shorter ones: the first of which all is there that the row after it sees. */
	findLongestHit(blockHashes, maxNumBlocks) {
		let end = Math.min(blockHashes.length, maxNumBlocks);
		let begin = this.#firstBlock(end * this.blockSize);
		const found = [];
		for (let i = end - 1; i >= begin; i--) {
			const block = this.pool.find(blockHashes[i], this.groupId);
			if (block !== void 0) found.push(block);
			else {
				end = i;
				begin = this.#firstBlock(end * this.blockSize);
				found.length = 0;
			}
		}
		return Array(end - found.length).fill(this.pool.nullBlock).concat(found.reverse());
	}
	dropUnseen(requestId, numComputedTokens) {
		this.dropFirst(requestId, this.#firstBlock(numComputedTokens));
	}
	/** The first block of which the row at `position` sees something. */
	#firstBlock(position) {
		return Math.floor(firstSeen(this.#group, position) / this.blockSize);
	}
};
// src/kv-cache/state-manager.ts
const NO_BLOCKS$1 = [];
/**
* One block for each request, from its first token to its end. A state holds all tokens before it and changes with every
* token, so no block is ever found by content: where there is such a group, nothing of a prompt can be skipped.
*/
var StateManager = class {
	groupId;
	#pool;
	#tables = /* @__PURE__ */ new Map();
	constructor({ pool, groupId }) {
		this.#pool = pool;
		this.groupId = groupId;
	}
	findLongestHit() {
		return NO_BLOCKS$1;
	}
	dropUnseen() {}
	numBlocksToAllocate(requestId) {
		return this.#tables.has(requestId) ? 0 : 1;
	}
	numBlocksToAdmit() {
		return 1;
	}
	addHit(requestId, hit) {
		if (hit.length > 0) throw new Error(`state of ${requestId}: expected no prefix hit, got ${hit.length} blocks`);
	}
	addNew(requestId) {
		if (this.#tables.has(requestId)) return NO_BLOCKS$1;
		const table = this.#pool.allocate(1);
		this.#tables.set(requestId, table);
		return table;
	}
	cacheFullBlocks() {}
	free(requestId) {
		const table = this.#tables.get(requestId);
		if (table === void 0) return;
		this.#tables.delete(requestId);
		this.#pool.release(table);
	}
	table(requestId) {
		return this.#tables.get(requestId) ?? NO_BLOCKS$1;
	}
	tables() {
		return this.#tables;
	}
};
// src/kv-cache/kv-cache-manager.ts
const NOTHING_COMPUTED = {
	blocks: [],
	numComputedTokens: 0
};
const NO_BLOCKS = Object.freeze([]);
const NO_IDS = Object.freeze([]);
/** One pool of blocks for all groups; each group has its own block tables and rules (SingleTypeManager). */
var KVCacheManager = class {
	pool;
	blockSize;
	enablePrefixCaching;
	/** Tokens that one request can have when it is alone; Infinity where no length is too long. */
	numUsableTokens;
	prefixCacheStats = newPrefixCacheStats();
	#groups;
	/** Whose hits depend on their length: they are asked again when another group's hit is shorter. */
	#locals;
	/** A list for each group, all empty. */
	#noIds;
	#hasher;
	#watermarkBlocks;
	/** @throws ResourceError if there are fewer than 2 blocks */
	constructor(options) {
		const { blockSize, groups = fullAttentionOnly, maxStepTokens = Number.MAX_SAFE_INTEGER } = options;
		this.pool = new BlockPool(options.numBlocks, groups.length);
		this.blockSize = blockSize;
		this.enablePrefixCaching = (options.enablePrefixCaching ?? true) && groups.every(({ kind }) => kind !== "state");
		const use = {
			blockSize,
			maxStepTokens
		};
		this.#groups = groups.map((group, groupId) => createManager(group, {
			pool: this.pool,
			groupId,
			use
		}));
		this.#locals = this.#groups.filter((_, i) => isLocal(groups[i]));
		this.#noIds = Object.freeze(groups.map(() => NO_IDS));
		this.numUsableTokens = longestRequest({
			groups,
			...use
		}, this.pool.numUsableBlocks);
		this.#hasher = new BlockHasher(options.blockSize);
		this.#watermarkBlocks = Math.floor((options.watermark ?? 0) * options.numBlocks);
	}
	/** Share of the blocks in use, 0..1. */
	get usage() {
		return this.pool.usage;
	}
	get numFreeBlocks() {
		return this.pool.numFreeBlocks;
	}
	/**
	* The longest prefix of the request that is in the cache: whole blocks, and never its last token, which must be
	* computed to get logits (a prompt found to the end computes its last block again). Nothing for requests that want
	* prompt log-probabilities. Takes no reference: pass the answer to `allocateSlots` before anything else is allocated.
	* With several groups it is the longest prefix that all of them have: what a group finds bounds the next one's search,
	* and a group of windows or chunks, whose shorter hits are not parts of its longer ones, is asked again until nothing changes.
	*/
	getComputedBlocks(request) {
		if (!this.#looksUp(request)) return NOTHING_COMPUTED;
		this.#hasher.extend(request);
		const { blockHashes } = request;
		let length = Math.floor((request.numTokens - 1) / this.blockSize);
		const find = (group) => {
			const hit = group.findLongestHit(blockHashes, length);
			length = hit.length;
			return hit;
		};
		const hits = this.#groups.map(find);
		for (let before = -1; before !== length && this.#groups.length > 1;) {
			before = length;
			for (const group of this.#locals) if (hits[group.groupId].length > length) hits[group.groupId] = find(group);
		}
		if (length === 0) return NOTHING_COMPUTED;
		return {
			blocks: hits.map((hit) => hit.length > length ? hit.slice(0, length) : hit),
			numComputedTokens: length * this.blockSize
		};
	}
	/** Counts a lookup that led to the request being scheduled; a resumed request's is counted apart. */
	recordLookup(request, numHits) {
		if (!this.#looksUp(request)) return;
		const stats = this.prefixCacheStats;
		if (request.numPreemptions > 0) {
			stats.preemptedRequests++;
			stats.preemptedQueries += request.numTokens;
			stats.preemptedHits += numHits;
		} else {
			stats.requests++;
			stats.queries += request.numTokens;
			stats.hits += numHits;
		}
	}
	/**
	* Makes room for the next `numNewTokens` tokens of a request and registers the blocks that they fill, so that a request
	* admitted later, in the same step even, finds them.
	*
	* @param admission for a request that has no blocks yet; without it the request goes on after `numComputedTokens`
	* @returns by group, ids of the fresh blocks, to be appended to its table (those of a hit are not among them); null if
	*          there is not enough room, and then nothing has changed, but that blocks which left a window were given back
	*/
	allocateSlots(request, numNewTokens, admission) {
		if (numNewTokens <= 0) throw new Error(`${request.requestId}: expected at least 1 new token, got ${numNewTokens}`);
		const { requestId } = request;
		const computed = admission?.computed ?? NOTHING_COMPUTED;
		const numTokens = request.numComputedTokens + computed.numComputedTokens + numNewTokens;
		const mustFit = admission?.fullSequenceMustFit ? Math.max(numTokens, request.numTokens) : 0;
		let needed = admission?.keepWatermark ? this.#watermarkBlocks : 0;
		for (const group of this.#groups) {
			const hit = computed.blocks[group.groupId] ?? NO_BLOCKS;
			group.dropUnseen(requestId, request.numComputedTokens);
			const now = group.numBlocksToAllocate(requestId, numTokens, hit);
			needed += mustFit > 0 ? Math.max(now, group.numBlocksToAdmit(mustFit, hit)) : now;
		}
		if (needed > this.pool.numFreeBlocks) return null;
		for (const group of this.#groups) group.addHit(requestId, computed.blocks[group.groupId] ?? NO_BLOCKS);
		let ids = this.#noIds;
		for (const group of this.#groups) {
			const added = group.addNew(requestId, numTokens);
			if (added.length === 0) continue;
			if (ids === this.#noIds) ids = this.#noIds.slice();
			ids[group.groupId] = added.map((block) => block.id);
		}
		if (this.enablePrefixCaching) {
			this.#hasher.extend(request);
			const numKnown = Math.min(numTokens, request.numTokens);
			for (const group of this.#groups) group.cacheFullBlocks(request, numKnown);
		}
		return ids;
	}
	/**
	* Gives back the request's blocks, its last one first, so that the start of a prefix is remembered longest. Blocks that
	* were registered for tokens beyond `request.numComputedTokens`, which now nobody computes, are forgotten.
	*/
	free(request) {
		for (const group of this.#groups) group.free(request.requestId, request.numComputedTokens);
	}
	/**
	* Forgets all blocks with the content of this request's tokens from `numTokens` on, because they may never have been
	* written. Their hashes are answered: what others computed from such content cannot be trusted either, though a window
	* may have dropped the block by now.
	*/
	distrust(request, numTokens) {
		const hashes = new Set(request.blockHashes.slice(Math.floor(numTokens / this.blockSize)));
		for (const hash of hashes) for (const { groupId } of this.#groups) for (const block of this.pool.findAll(hash, groupId)) this.pool.forget(block);
		return hashes;
	}
	/** Computed tokens of the request before the first block whose hash is one of `hashes`; Infinity if there is no such. */
	numTokensBefore(request, hashes) {
		const index = request.blockHashes.findIndex((hash) => hashes.has(hash));
		const numTokens = index * this.blockSize;
		return index < 0 || numTokens >= request.numComputedTokens ? Infinity : numTokens;
	}
	/** The request's block tables, by group. Copies. */
	blockIds(request) {
		return this.#groups.map((group) => group.table(request.requestId).map((block) => block.id));
	}
	/** Forgets all cached prefixes. @returns false, and does nothing, while any request holds blocks */
	resetPrefixCache() {
		return this.pool.resetPrefixCache();
	}
	/** The tables of all requests and groups. For checks and tests. */
	*tables() {
		for (const group of this.#groups) yield* group.tables();
	}
	#looksUp(request) {
		return this.enablePrefixCaching && !request.skipReadingPrefixCache;
	}
};
function createManager(group, options) {
	if (group.kind === "state") return new StateManager(options);
	return isLocal(group) ? new LocalAttentionManager(options, group) : new FullAttentionManager(options);
}
const isLocal = ({ kind }) => kind === "slidingWindow" || kind === "chunked";
// src/scheduler/repetition.ts
/**
* Whether `tokenIds` end in a pattern of `minPatternSize` to `maxPatternSize` tokens, `minCount` times in a row.
*
* @param detection as checked by `normalizeSamplingParams`
*/
function endsInRepetition(tokenIds, detection) {
	const { maxPatternSize, minCount } = detection;
	for (let size = Math.max(1, detection.minPatternSize); size <= maxPatternSize; size++) {
		if (size * minCount > tokenIds.length) return false;
		if (repeats(tokenIds, size, minCount)) return true;
	}
	return false;
}
/** Every token of the last `size * count`, but for the first pattern, equals the one `size` before it. */
function repeats(tokenIds, size, count) {
	const end = tokenIds.length;
	for (let i = end - 1; i >= end - size * (count - 1); i--) if (tokenIds[i] !== tokenIds[i - size]) return false;
	return true;
}
// src/scheduler/check-stop.ts
const END_OF_SEQUENCE = Object.freeze({
	finishReason: "stop",
	stopReason: null
});
const LENGTH = Object.freeze({
	finishReason: "length",
	stopReason: null
});
const REPETITION = Object.freeze({
	finishReason: "repetition",
	stopReason: "repetition_detected"
});
/**
* Whether the request's last output token ends it. To be asked after each single token. In this order: nothing before
* `minTokens` (but the length that the model can take), the end-of-sequence ids unless `ignoreEos`, the stop token ids,
* the lengths, the repetition.
*
* @param maxTotalTokens prompt and output together never get longer
* @returns null to go on. The stop reason is null for the first end-of-sequence id and the lengths, the id itself for
*          the other end-of-sequence ids and stop token ids
*/
function checkStop(request, maxTotalTokens) {
	const { params, outputTokenIds, eosTokenIds } = request;
	const numOutput = outputTokenIds.length;
	const isFull = request.numTokens >= maxTotalTokens;
	if (numOutput === 0 || numOutput < params.minTokens) return isFull ? LENGTH : null;
	const last = outputTokenIds[numOutput - 1];
	if (!params.ignoreEos) {
		if (last === eosTokenIds[0]) return END_OF_SEQUENCE;
		if (eosTokenIds.includes(last)) return {
			finishReason: "stop",
			stopReason: last
		};
	}
	if (params.stopTokenIds.includes(last)) return {
		finishReason: "stop",
		stopReason: last
	};
	if (isFull || params.maxTokens !== null && numOutput >= params.maxTokens) return LENGTH;
	if (params.repetitionDetection !== null && endsInRepetition(outputTokenIds, params.repetitionDetection)) return REPETITION;
	return null;
}
// src/scheduler/request-queue.ts
/** Makes the queue of a policy. */
function createRequestQueue(policy) {
	return policy === "priority" ? new PriorityQueue() : new FcfsQueue();
}
/** Below zero if `a` goes before `b`: lower priority number, earlier arrival, then by id so that the order is total. */
function comparePriority(a, b) {
	return a.priority - b.priority || a.arrivalTime - b.arrivalTime || (a.requestId < b.requestId ? -1 : 1);
}
var FcfsQueue = class {
	#requests = [];
	get size() {
		return this.#requests.length;
	}
	peek() {
		return this.#requests[0];
	}
	pop() {
		return this.#requests.shift();
	}
	add(request) {
		this.#requests.push(request);
	}
	putBack(request) {
		this.#requests.unshift(request);
	}
	remove(requests) {
		this.#requests = this.#requests.filter((request) => !requests.has(request));
	}
	[Symbol.iterator]() {
		return this.#requests[Symbol.iterator]();
	}
};
/** A binary heap: each request goes before the two at twice its place plus one and two. */
var PriorityQueue = class {
	#heap = [];
	get size() {
		return this.#heap.length;
	}
	peek() {
		return this.#heap[0];
	}
	pop() {
		const first = this.#heap[0];
		const last = this.#heap.pop();
		if (last !== void 0 && this.#heap.length > 0) this.#sink(0, last);
		return first;
	}
	add(request) {
		let place = this.#heap.length;
		while (place > 0) {
			const parent = place - 1 >> 1;
			if (comparePriority(this.#heap[parent], request) < 0) break;
			this.#heap[place] = this.#heap[parent];
			place = parent;
		}
		this.#heap[place] = request;
	}
	putBack(request) {
		this.add(request);
	}
	remove(requests) {
		const kept = this.#heap.filter((request) => !requests.has(request));
		this.#heap = [];
		for (const request of kept) this.add(request);
	}
	[Symbol.iterator]() {
		return this.#heap[Symbol.iterator]();
	}
	/** Puts a request at `place` or, while a child goes before it, further down. */
	#sink(place, request) {
		const heap = this.#heap;
		for (;;) {
			let child = 2 * place + 1;
			if (child >= heap.length) break;
			if (child + 1 < heap.length && comparePriority(heap[child + 1], heap[child]) < 0) child++;
			if (comparePriority(request, heap[child]) < 0) break;
			heap[place] = heap[child];
			place = child;
		}
		heap[place] = request;
	}
};
// src/scheduler/scheduler-options.ts
/** @throws ConfigError that names the flag */
function checkSchedulerLimits(options) {
	const positive = [
		["--max-num-batched-tokens", options.maxNumBatchedTokens],
		["--max-num-seqs", options.maxNumSeqs],
		["--max-model-len", options.maxModelLen],
		["--block-size", options.blockSize]
	];
	for (const [flag, value] of positive) if (!Number.isSafeInteger(value) || value < 1) throw new ConfigError(`${flag} must be an integer from 1; got ${value}`);
	const threshold = options.longPrefillTokenThreshold ?? 0;
	if (!Number.isSafeInteger(threshold) || threshold < 0) throw new ConfigError(`--long-prefill-token-threshold must be an integer from 0; got ${threshold}`);
	const watermark = options.watermark ?? 0;
	if (!(watermark >= 0 && watermark < 1)) throw new ConfigError(`--watermark must be in [0, 1); got ${watermark}`);
}
/**
* @param maxTotalTokens longest request: `maxModelLen`, or less where the KV cache is smaller
* @throws ConfigError if a prompt that must not be cut does not fit a step
*/
function checkWholePrompts(options, maxTotalTokens) {
	const threshold = options.longPrefillTokenThreshold ?? 0;
	const longest = Math.min(maxTotalTokens - 1, threshold > 0 ? threshold : Infinity);
	if (options.enableChunkedPrefill === false && options.maxNumBatchedTokens < longest) throw new ConfigError(`--max-num-batched-tokens (${options.maxNumBatchedTokens}) must reach the most that a request may need at once (${longest} tokens) with --no-enable-chunked-prefill; raise it, lower --max-model-len, or enable chunked prefill`);
}
// src/scheduler/step-plan.ts
/** Collects who gets how many tokens, and keeps the budget. */
var StepPlan = class {
	/** Tokens still to be handed out. */
	budget;
	/** In the order of scheduling; the same order as the output's `numScheduledTokens`. */
	requests = [];
	#numScheduledTokens = /* @__PURE__ */ new Map();
	#newRequests = [];
	#cachedRequests = [];
	#totalBudget;
	constructor(budget) {
		this.budget = budget;
		this.#totalBudget = budget;
	}
	/** A request that the worker knows goes on. */
	addCached(request, numTokens, newBlockIds) {
		const { requestId, numComputedTokens } = request;
		this.#cachedRequests.push({
			requestId,
			newBlockIds,
			numComputedTokens
		});
		this.#add(request, numTokens);
	}
	/** A request that the worker does not know, or no longer. `request.numComputedTokens` counts the prefix hit already. */
	addNew(request, numTokens, blockIds) {
		const { requestId, promptTokenIds, params, eosTokenIds, numComputedTokens } = request;
		const outputTokenIds = request.outputTokenIds.slice();
		this.#newRequests.push({
			requestId,
			promptTokenIds,
			outputTokenIds,
			params,
			eosTokenIds,
			blockIds,
			numComputedTokens
		});
		this.#add(request, numTokens);
	}
	/** Takes a request out again that this step gave tokens to, if it did; they return to the budget. */
	remove(request) {
		const numTokens = this.#numScheduledTokens.get(request.requestId);
		if (numTokens === void 0) return;
		this.budget += numTokens;
		this.#numScheduledTokens.delete(request.requestId);
		this.#cachedRequests = this.#cachedRequests.filter((data) => data.requestId !== request.requestId);
		this.requests.splice(this.requests.indexOf(request), 1);
	}
	/** The finished plan. Every request's `numComputedTokens` moves on to the end of this step. */
	commit(finishedRequestIds, preemptedRequestIds) {
		for (const request of this.requests) {
			request.numComputedTokens += this.#numScheduledTokens.get(request.requestId);
			request.numInFlightSteps++;
		}
		return {
			scheduledNewRequests: this.#newRequests,
			scheduledCachedRequests: this.#cachedRequests,
			numScheduledTokens: this.#numScheduledTokens,
			totalNumScheduledTokens: this.#totalBudget - this.budget,
			finishedRequestIds,
			preemptedRequestIds
		};
	}
	#add(request, numTokens) {
		this.requests.push(request);
		this.#numScheduledTokens.set(request.requestId, numTokens);
		this.budget -= numTokens;
	}
};
// src/scheduler/scheduler.ts
/** Scheduler: which requests get how many tokens in the next step, and what becomes of them after it. */
const NO_TOKENS = Object.freeze([]);
/**
* There is no prefill and no decode phase: each request has computed tokens and tokens, and every step hands out a
* budget so that the former catch up. Running requests come first, then waiting ones as long as there is room. When a
* running request finds no room, another one is preempted: it loses its blocks and is computed again later.
*
* A step: `schedule()`, the worker computes, `updateFromOutput()`. A second step may be scheduled before the first one's
* output is in; outputs come in the order of their steps, one for each. Requests may be added and ended at any time.
*/
var Scheduler = class {
	kvCacheManager;
	/** Longest request, prompt and output: `maxModelLen`, or one more than the tokens that the whole KV cache holds. */
	maxTotalTokens;
	#options;
	#requests = /* @__PURE__ */ new Map();
	#waiting;
	#running = [];
	/** For the next step's message. */
	#finishedRequestIds = [];
	#preemptedRequestIds = [];
	/** The requests of each step whose output is still to come. */
	#inFlight = /* @__PURE__ */ new Map();
	#numPreemptions = 0;
	/** @throws ConfigError, ResourceError if the options cannot work */
	constructor(options) {
		checkSchedulerLimits(options);
		this.kvCacheManager = new KVCacheManager({
			...options,
			maxStepTokens: maxStepTokens(options)
		});
		this.maxTotalTokens = Math.min(options.maxModelLen, this.kvCacheManager.numUsableTokens + 1);
		checkWholePrompts(options, this.maxTotalTokens);
		this.#options = options;
		this.#waiting = createRequestQueue(options.policy ?? "fcfs");
	}
	/**
	* Takes a request in; it waits until there is room.
	*
	* @throws RequestError if the prompt can never be computed here, or a request with this id has not ended
	*/
	addRequest(request) {
		const { requestId, numPromptTokens } = request;
		if (this.#requests.has(requestId)) throw new RequestError(`request ${requestId}: a request with this id is still open`, { param: "request_id" });
		if (numPromptTokens >= this.maxTotalTokens) throw this.#promptTooLong(request);
		this.#requests.set(requestId, request);
		this.#waiting.add(request);
	}
	/** Ends requests because their callers gave up. Unknown ids, and requests that have ended, are passed over. */
	abortRequests(requestIds) {
		this.finishRequests(requestIds, "abort");
	}
	/** Ends requests for a reason found outside, such as a stop string. Results still to come for them are dropped. */
	finishRequests(requestIds, finishReason, stopReason = null) {
		const ended = /* @__PURE__ */ new Set();
		for (const requestId of requestIds) {
			const request = this.#requests.get(requestId);
			if (request !== void 0) ended.add(request);
		}
		for (const request of ended) this.#finish(request, {
			finishReason,
			stopReason
		});
		this.#dropFromQueues(ended);
	}
	/** Whether any request waits or runs. */
	hasUnfinishedRequests() {
		return this.#requests.size > 0;
	}
	/** Whether the worker has still to be told of ended or preempted requests; the next step does, an empty one too. */
	hasNews() {
		return this.#finishedRequestIds.length > 0 || this.#preemptedRequestIds.length > 0;
	}
	/** Forgets all cached prefixes. @returns false, and does nothing, while any request holds blocks */
	resetPrefixCache() {
		return this.kvCacheManager.resetPrefixCache();
	}
	stats() {
		return {
			numRunning: this.#running.length,
			numWaiting: this.#waiting.size,
			kvCacheUsage: this.kvCacheManager.usage,
			numPreemptions: this.#numPreemptions,
			prefixCache: { ...this.kvCacheManager.prefixCacheStats }
		};
	}
	/** Plans the next step. It may be empty: no requests, or all of them wait for a result. */
	schedule() {
		const plan = new StepPlan(this.#options.maxNumBatchedTokens);
		if (!this.#scheduleRunning(plan)) this.#scheduleWaiting(plan);
		const output = plan.commit(this.#finishedRequestIds, this.#preemptedRequestIds);
		this.#finishedRequestIds = [];
		this.#preemptedRequestIds = [];
		if (plan.requests.length > 0) this.#inFlight.set(output, plan.requests);
		return output;
	}
	/**
	* Takes in what the worker computed: appends sampled tokens, ends requests, frees their blocks. Results for requests
	* that ended meanwhile are dropped; a preempted request keeps its result.
	*
	* @param scheduled the very object that `schedule()` returned
	* @returns one entry per request to which something happened, in the order of scheduling, failed ones first
	*/
	updateFromOutput(scheduled, result) {
		const requests = this.#inFlight.get(scheduled) ?? [];
		if (requests.length === 0 && scheduled.totalNumScheduledTokens > 0) throw new Error("scheduler: got the output of a step that it is not waiting for");
		this.#inFlight.delete(scheduled);
		const outputs = [];
		if (result.errors !== void 0 && result.errors.size > 0) this.#failRequests(scheduled, requests, result.errors, outputs);
		const ended = /* @__PURE__ */ new Set();
		for (const request of requests) {
			request.numInFlightSteps--;
			if (request.numResultsToDrop > 0) {
				request.numResultsToDrop--;
				continue;
			}
			if (request.isFinished) continue;
			const output = this.#takeResult(request, result);
			if (output !== null) outputs.push(output);
			if (request.isFinished) ended.add(request);
		}
		this.#dropFromQueues(ended);
		return outputs;
	}
	/** @returns whether a request was preempted */
	#scheduleRunning(plan) {
		const running = this.#running;
		const numPreemptions = this.#numPreemptions;
		for (let index = 0; index < running.length && plan.budget > 0;) {
			const request = running[index];
			const numTokens = this.#share(request.numTokens - request.numComputedTokens, plan.budget);
			if (numTokens === 0) {
				index++;
				continue;
			}
			let newBlockIds = this.kvCacheManager.allocateSlots(request, numTokens);
			while (newBlockIds === null) {
				const victim = this.#pickVictim();
				const place = running.indexOf(victim);
				running.splice(place, 1);
				if (place < index) index--;
				plan.remove(victim);
				this.#preempt(victim);
				if (victim === request) return true;
				newBlockIds = this.kvCacheManager.allocateSlots(request, numTokens);
			}
			plan.addCached(request, numTokens, newBlockIds);
			index++;
		}
		return this.#numPreemptions > numPreemptions;
	}
	#scheduleWaiting(plan) {
		const kv = this.kvCacheManager;
		while (plan.budget > 0 && this.#running.length < this.#options.maxNumSeqs) {
			const request = this.#waiting.peek();
			if (request === void 0 || request.numInFlightSteps > 0) break;
			const computed = kv.getComputedBlocks(request);
			const missing = request.numTokens - computed.numComputedTokens;
			if (this.#options.enableChunkedPrefill === false && this.#share(missing, Infinity) > plan.budget) break;
			const numTokens = this.#share(missing, plan.budget);
			const keepWatermark = this.#running.length > 0;
			if (kv.allocateSlots(request, numTokens, {
				computed,
				fullSequenceMustFit: true,
				keepWatermark
			}) === null) break;
			this.#waiting.pop();
			this.#running.push(request);
			kv.recordLookup(request, computed.numComputedTokens);
			request.status = "running";
			request.numComputedTokens = computed.numComputedTokens;
			if (request.numCachedTokens < 0) request.numCachedTokens = computed.numComputedTokens;
			plan.addNew(request, numTokens, kv.blockIds(request));
		}
	}
	/** What a request that lacks `missing` tokens gets in one step. */
	#share(missing, budget) {
		const threshold = this.#options.longPrefillTokenThreshold ?? 0;
		return Math.min(missing, budget, threshold > 0 ? threshold : Infinity);
	}
	/** The most recently admitted request, or the one of the worst priority. There is one: who asks is running. */
	#pickVictim() {
		if (this.#options.policy !== "priority") return this.#running.at(-1);
		return this.#running.reduce((worst, request) => comparePriority(request, worst) > 0 ? request : worst);
	}
	/** Takes all blocks from a request, which is out of `#running` already, and lets it wait. */
	#preempt(request) {
		this.kvCacheManager.free(request);
		request.numComputedTokens = 0;
		request.status = "preempted";
		request.numPreemptions++;
		this.#numPreemptions++;
		this.#preemptedRequestIds.push(request.requestId);
		this.#waiting.putBack(request);
	}
	/** Appends what one request sampled. @returns null if nothing happened to it */
	#takeResult(request, result) {
		const { requestId } = request;
		const sampled = result.sampledTokenIds.get(requestId) ?? NO_TOKENS;
		const newTokenIds = [];
		let stop = null;
		for (const tokenId of sampled) {
			request.outputTokenIds.push(tokenId);
			newTokenIds.push(tokenId);
			stop = checkStop(request, this.maxTotalTokens);
			if (stop !== null) break;
		}
		const promptLogprobs = takePromptLogprobs(request, result.promptLogprobs.get(requestId));
		if (stop !== null) this.#finish(request, stop);
		if (newTokenIds.length === 0 && promptLogprobs === null) return null;
		const logprobs = result.logprobs.get(requestId)?.slice(0, newTokenIds.length) ?? null;
		return this.#output(request, {
			newTokenIds,
			logprobs,
			promptLogprobs
		});
	}
	#output(request, news) {
		const { requestId, finishReason, stopReason, errorMessage } = request;
		return {
			requestId,
			...news,
			finishReason,
			stopReason,
			errorMessage,
			numCachedTokens: Math.max(0, request.numCachedTokens)
		};
	}
	/** Ends a request and frees its blocks; who calls takes it out of the queues. */
	#finish(request, stop) {
		request.finishReason = stop.finishReason;
		request.stopReason = stop.stopReason;
		this.kvCacheManager.free(request);
		request.status = "finished";
		this.#requests.delete(request.requestId);
		this.#finishedRequestIds.push(request.requestId);
	}
	#dropFromQueues(ended) {
		if (ended.size === 0) return;
		const numBefore = this.#running.length;
		this.#running = this.#running.filter((request) => !ended.has(request));
		if (numBefore - this.#running.length < ended.size) this.#waiting.remove(ended);
	}
	/**
	* Ends the requests that the worker could not compute. Their tokens of this step may not have been written to the KV
	* cache, so nobody may find them there, and whoever shares such a block already is computed again.
	*/
	#failRequests(scheduled, requests, errors, outputs) {
		for (const request of requests) {
			const message = errors.get(request.requestId);
			if (message === void 0) continue;
			if (!request.isFinished && request.numResultsToDrop === 0) {
				request.errorMessage = message;
				this.#finish(request, {
					finishReason: "error",
					stopReason: null
				});
				this.#dropFromQueues(/* @__PURE__ */ new Set([request]));
				outputs.push(this.#output(request, {
					newTokenIds: [],
					logprobs: null,
					promptLogprobs: null
				}));
			}
			this.#recomputeSharers(request, numComputedBefore(scheduled, request.requestId));
		}
	}
	#recomputeSharers(failed, numTokens) {
		const hashes = this.kvCacheManager.distrust(failed, numTokens);
		if (hashes.size === 0) return;
		const sharers = this.#running.filter((request) => this.kvCacheManager.numTokensBefore(request, hashes) < Infinity);
		this.#running = this.#running.filter((request) => !sharers.includes(request));
		for (const request of sharers.reverse()) {
			request.numComputedTokens = Math.min(request.numComputedTokens, this.kvCacheManager.numTokensBefore(request, hashes));
			request.numResultsToDrop = request.numInFlightSteps;
			this.#preempt(request);
		}
	}
	#promptTooLong(request) {
		const { numPromptTokens, requestId } = request;
		const { maxModelLen } = this.#options;
		const { numUsableTokens, pool, blockSize } = this.kvCacheManager;
		const limit = this.maxTotalTokens === maxModelLen ? `the model's length is ${maxModelLen} (--max-model-len), at least one of them for output` : `the KV cache holds ${numUsableTokens} (${pool.numUsableBlocks} blocks of ${blockSize}; --kv-cache-memory-bytes)`;
		return new RequestError(`request ${requestId}: the prompt has ${numPromptTokens} tokens; ${limit}; shorten it`, { param: "prompt" });
	}
};
/** Tokens of a request before this step. */
function numComputedBefore(scheduled, requestId) {
	const ofRequest = (data) => data.requestId === requestId;
	return (scheduled.scheduledCachedRequests.find(ofRequest) ?? scheduled.scheduledNewRequests.find(ofRequest))?.numComputedTokens ?? 0;
}
/** The rows that did not go out before: after a preemption the prompt's first rows come a second time. */
function takePromptLogprobs(request, given) {
	if (given === void 0) return null;
	const numOld = Math.max(0, request.numPromptLogprobsSent - given.start);
	if (numOld >= given.rows.length) return null;
	request.numPromptLogprobsSent = given.start + given.rows.length;
	return numOld === 0 ? given : {
		start: given.start + numOld,
		rows: given.rows.slice(numOld)
	};
}
// src/engine/create-scheduler.ts
/** @throws ConfigError, ResourceError if config and model do not go together */
function createScheduler(config, info) {
	return new Scheduler({
		numBlocks: info.numBlocks,
		blockSize: info.blockSize,
		groups: info.kvCacheGroups,
		maxModelLen: info.maxModelLen,
		enablePrefixCaching: config.enablePrefixCaching,
		watermark: config.watermark,
		maxNumBatchedTokens: config.maxNumBatchedTokens,
		maxNumSeqs: config.maxNumSeqs,
		enableChunkedPrefill: config.enableChunkedPrefill,
		longPrefillTokenThreshold: config.longPrefillTokenThreshold,
		policy: config.schedulingPolicy
	});
}
// src/request/request.ts
/** Request: one prompt on its way through the engine. Owned by the scheduler once added. */
/** A request's tokens and progress. Only the scheduler and the KV cache manager change it. */
var Request = class {
	requestId;
	promptTokenIds;
	params;
	eosTokenIds;
	arrivalTime;
	priority;
	cacheSalt;
	loraName;
	/** Sampled so far. Survives a preemption. */
	outputTokenIds = [];
	status = "waiting";
	finishReason = null;
	stopReason = null;
	/** With `finishReason` "error": what went wrong. */
	errorMessage = null;
	/** Tokens whose keys and values are computed, counting those of steps under way. 0 after a preemption. */
	numComputedTokens = 0;
	/** Prompt tokens found in the prefix cache when the request was first scheduled; -1 before. */
	numCachedTokens = -1;
	numPreemptions = 0;
	/** Hash of each full block of tokens so far, in order; extended as tokens come. */
	blockHashes = [];
	/** Prompt tokens whose log-probabilities went out; the first has none. A recomputed prompt does not send them again. */
	numPromptLogprobsSent = 1;
	/** Steps in which it is scheduled and whose results are still to come. */
	numInFlightSteps = 0;
	/** The next so many of those results rest on keys and values that were never written: they are dropped. */
	numResultsToDrop = 0;
	/** @throws RequestError if the prompt is empty */
	constructor(options) {
		if (options.promptTokenIds.length === 0) throw new RequestError(`request ${options.requestId}: the prompt must have at least one token; got none`, { param: "prompt" });
		this.requestId = options.requestId;
		this.promptTokenIds = options.promptTokenIds;
		this.params = options.params;
		this.eosTokenIds = options.eosTokenIds ?? [];
		this.arrivalTime = options.arrivalTime ?? 0;
		this.priority = options.priority ?? 0;
		this.cacheSalt = options.cacheSalt ?? null;
		this.loraName = options.loraName ?? null;
	}
	get numPromptTokens() {
		return this.promptTokenIds.length;
	}
	get numOutputTokens() {
		return this.outputTokenIds.length;
	}
	/** Prompt and output. */
	get numTokens() {
		return this.promptTokenIds.length + this.outputTokenIds.length;
	}
	get isFinished() {
		return this.status === "finished";
	}
	/** Prompt log-probabilities need every prompt token computed here and now. */
	get skipReadingPrefixCache() {
		return this.params.promptLogprobs !== null;
	}
	/** The i-th token of prompt and output together; undefined beyond the end. */
	tokenAt(index) {
		const numPrompt = this.promptTokenIds.length;
		return index < numPrompt ? this.promptTokenIds[index] : this.outputTokenIds[index - numPrompt];
	}
};
export { createScheduler as n, Request as t };
