package io.packstone.cli.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows in aligned columns. A column whose title begins with {@code >} is aligned to the right. */
public final class Table {
    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();
    private final boolean[] right;

    /** The titles of the columns, without rows yet. */
    public Table(String... titles) {
        right = new boolean[titles.length];
        List<String> plain = new ArrayList<>();
        for (int column = 0; column < titles.length; column++) {
            right[column] = titles[column].startsWith(">");
            plain.add(right[column] ? titles[column].substring(1) : titles[column]);
        }
        rows.add(plain);
    }

    /** Adds a row; {@code cells} as many as there are titles, quoted already. */
    public void row(String... cells) {
        if (cells.length != right.length) {
            throw new IllegalArgumentException(cells.length + " cells for " + right.length + " columns");
        }
        rows.add(Arrays.asList(cells));
    }

    /** Prints all rows. */
    public void print(Console console) {
        int[] widths = new int[right.length];
        for (List<String> row : rows) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], width(row.get(column)));
            }
        }
        for (List<String> row : rows) {
            console.print(line(row, widths));
        }
    }

    private String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell = row.get(column);
            String fill = " ".repeat(widths[column] - width(cell));
            line.append(column == 0 ? "" : GAP);
            line.append(right[column] ? fill + cell : cell + fill);
        }
        return line.toString().stripTrailing();
    }

    private static int width(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
