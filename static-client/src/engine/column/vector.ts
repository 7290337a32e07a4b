/** Growable typed arrays: capacity doubles, so that adding n numbers costs O(n) in all. */

export class IntVector {
  #data: Int32Array = new Int32Array(64);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#data.length) {
      const grown = new Int32Array(this.#data.length * 2);
      grown.set(this.#data);
      this.#data = grown;
    }
    this.#data[this.#length++] = value;
  }

  /** Takes an array over, which must not change any more. */
  static of(data: Int32Array): IntVector {
    const vector = new IntVector();
    vector.#data = data;
    vector.#length = data.length;
    return vector;
  }

  /** What was pushed so far; valid until the next push. */
  view(): Int32Array {
    return this.#data.subarray(0, this.#length);
  }
}

export class FloatVector {
  #data: Float64Array = new Float64Array(64);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#data.length) {
      const grown = new Float64Array(this.#data.length * 2);
      grown.set(this.#data);
      this.#data = grown;
    }
    this.#data[this.#length++] = value;
  }

  /** Takes an array over, which must not change any more. */
  static of(data: Float64Array): FloatVector {
    const vector = new FloatVector();
    vector.#data = data;
    vector.#length = data.length;
    return vector;
  }

  /** What was pushed so far; valid until the next push. */
  view(): Float64Array {
    return this.#data.subarray(0, this.#length);
  }
}
