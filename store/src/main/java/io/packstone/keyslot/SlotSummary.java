package io.packstone.keyslot;

/** What a slot says without being opened: its kind, {@code password}, {@code key-file} or {@code recovery-sheet}. */
public record SlotSummary(String kind, KeyCost cost) {}
