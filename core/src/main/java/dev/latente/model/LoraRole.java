package dev.latente.model;

/// What one tensor of a LoRA's file is for its layer.
enum LoraRole {
  DOWN,
  UP,
  MID,
  ALPHA,
  /// DoRA's lengths as LyCORIS lays them out.
  DORA_SCALE,
  /// DoRA's lengths as PEFT lays them out.
  MAGNITUDE,
  HADA_1_A,
  HADA_1_B,
  HADA_1_T,
  HADA_2_A,
  HADA_2_B,
  HADA_2_T,
  LOKR_1,
  LOKR_1_A,
  LOKR_1_B,
  LOKR_2,
  LOKR_2_A,
  LOKR_2_B,
  LOKR_2_T,
  GLORA_A1,
  GLORA_A2,
  GLORA_B1,
  GLORA_B2,
  IA3_FACTORS,
  IA3_ON_INPUT,
  WEIGHT_DIFFERENCE,
  BIAS_DIFFERENCE
}
