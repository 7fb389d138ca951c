/** One block of every GGUF type with the values that the Python package gguf 0.19.0 makes of it. Data, no code. */
import type { GgufBlockType } from "../tensor/storage-type.js";

/** A block and what it holds. */
export interface DequantizeCase {
  storage: GgufBlockType;
  /** The block, base64. */
  block: string;
  /** Element index to value. */
  values: readonly [number, number][];
  /** CRC-32 of all values as little-endian float32. */
  crc32: number;
}

export const dequantizeCases: readonly DequantizeCase[] = [
  {
    storage: "q4_0",
    block: "9SRAIhD66SBneg3MiqzQf3xk",
    values: [
      [0, -0.1549072265625],
      [1, -0.116180419921875],
      [15, -0.07745361328125],
      [16, -0.07745361328125],
      [31, -0.038726806640625],
    ],
    crc32: 0x2be7fd79,
  },
  {
    storage: "q4_1",
    block: "9SSZttPrULawKVgHjfFJfN973iU=",
    values: [
      [0, -0.3542633056640625],
      [1, -0.1993560791015625],
      [15, -0.3155364990234375],
      [16, -0.1606292724609375],
      [31, -0.373626708984375],
    ],
    crc32: 0x05a7b86a,
  },
  {
    storage: "q5_0",
    block: "9STIZtM8n+01ijmMNxUHEnZD8YqU3Q==",
    values: [
      [0, -0.0193634033203125],
      [1, -0.0580902099609375],
      [15, -0.0580902099609375],
      [16, 0.1742706298828125],
      [31, -0.0580902099609375],
    ],
    crc32: 0x7ce72e63,
  },
  {
    storage: "q5_1",
    block: "9SSZtkynxfKx87z6XMMzn5AkS95WVXZe",
    values: [
      [0, -0.3929901123046875],
      [1, -0.3542633056640625],
      [15, 0.168548583984375],
      [16, 0.1104583740234375],
      [31, -0.0057220458984375],
    ],
    crc32: 0xf77e4553,
  },
  {
    storage: "q8_0",
    block: "9SRPJdt06oLViphxYxOwqRMvmv53o3pG/1kQ2yjgUSN+7A==",
    values: [
      [0, 1.5297088623046875],
      [1, 0.7164459228515625],
      [15, 0.9100799560546875],
      [16, -1.975067138671875],
      [31, -0.38726806640625],
    ],
    crc32: 0x71ed0720,
  },
  {
    storage: "q2_k",
    block:
      "fva8yddkZD9RwJyrwqeAdb98K4MCt/fwmaMV0Z7e09ZiMpCMN+N1+wAoHfvfNZciaLtaNCoa8U7nRcGNG6Po0gDUznvbBdj7jDhwWkJ/pu31JJm2",
    values: [
      [0, 3.699737548828125],
      [1, 2.886474609375],
      [31, 6.41766357421875],
      [32, 5.23297119140625],
      [100, 2.47412109375],
      [128, 2.061767578125],
      [200, 5.02569580078125],
      [255, 3.1769256591796875],
    ],
    crc32: 0xb8cf6709,
  },
  {
    storage: "q3_k",
    block:
      "Cu+EuJazPDz1Y46XsyddzYg//uJXkgneURij99Bk9iBRSlrHExySdz23ia+59/JGQwe7A9MnRxXZBgH5Lptc5Y56rU0THhFukfWsPdcYzyVtbIXbtnlhrJZqnxP6bcQzMSFQkOovxOZBwff+9SQ=",
    values: [
      [0, 0.8713531494140625],
      [1, -0.580902099609375],
      [31, 0.8713531494140625],
      [32, 0.0],
      [100, 0.929443359375],
      [128, 1.123077392578125],
      [200, -0.038726806640625],
      [255, -2.3236083984375],
    ],
    crc32: 0x65a14961,
  },
  {
    storage: "q4_k",
    block:
      "9SSZtiyVdwgF/K8sHJhlM3F6J3HC7oJYmV0cuopdCnjumclWh2v453MnF6CdQYay4jP0vgS43VYs8CzkrhBSBLGMik6jNOooGuMGAeprFv/CiP4WS/KvdYNw1NHw/eewcRJL29+5/g13wEh/4oS3CFXgBDEHQYzYsde7Ek1uf5ZetCgFC5oHT0PGye5pmD9R",
    values: [
      [0, 2.91375732421875],
      [1, 10.5816650390625],
      [31, 3.7657470703125],
      [32, 27.587631225585938],
      [100, 18.1435546875],
      [128, 0.8770751953125],
      [200, 16.076065063476562],
      [255, 1.5275115966796875],
    ],
    crc32: 0xdf127a7e,
  },
  {
    storage: "q5_k",
    block:
      "9SSZtrFA2BYpilLGMRM0LFkFuX9vRksGQHqlBdXi0NYOWwECdqVfdzhnXm3MXpAgBLwapXtIP72sKCn8yU0WMqEPWewoAdoPGgQqJKM5MJkQ1QbeSGFQ5djebr1uw+UGTJfUamlkHc7GziqHcvuuMB/wTa43Y8gXVD+DsvMomQSqyD1c+2kAS4HkmvDI/iO6sXzLp8n5QH6zD2VJ+vZY2k66QvL0KJs3JwKWPgfRr1A=",
    values: [
      [0, 35.88262939453125],
      [1, 43.47308349609375],
      [31, 25.445755004882812],
      [32, 4.12353515625],
      [100, 10.9940185546875],
      [128, 21.045822143554688],
      [200, 26.96575927734375],
      [255, 21.77947998046875],
    ],
    crc32: 0x48f7a28e,
  },
  {
    storage: "q6_k",
    block:
      "ci8fetSEFUJRgXdnfvFx+t9SLF7UxOXwnVnFgI81N1dJZJbvZsudb+gIH8ZNQHdQkH/F/1k1G78tVaDgdkw+CuKNfRuMrUMROk4TiOABb2eGgKP61Xu+Pu58QSsWqmDYsqNVTeMR572FdylKiSe5i+HMzRSVdVap97J06ho0ObGX4AHhejXzx6LFIZFpz3Dtey6seloLVSaqo0SO5hBKoGd1Gi35X8QkZCfZqYQHcXFiCjB7vPVJybgcc68j6grlV1/UKrzGXMIcxWCKFoMQCfUk",
    values: [
      [0, 30.323089599609375],
      [1, -28.638473510742188],
      [31, -45.98808288574219],
      [32, 5.96392822265625],
      [100, -17.8143310546875],
      [128, 9.7591552734375],
      [200, 1.277984619140625],
      [255, 4.7053070068359375],
    ],
    crc32: 0x195bfc39,
  },
  {
    storage: "iq4_nl",
    block: "9SQCXIk3y6OyF74pUZRrixOF",
    values: [
      [0, -1.6071624755859375],
      [1, 1.0262603759765625],
      [15, -0.6777191162109375],
      [16, -2.4591522216796875],
      [31, 0.0193634033203125],
    ],
    crc32: 0xf5c8c0aa,
  },
];
