@NullMarked
package dev.firn.ddl;

import org.jspecify.annotations.NullMarked;
