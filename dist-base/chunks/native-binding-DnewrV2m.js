export { i as tryLoadNativeBinding } from "./native-binding-DBOIvHQI.js";
