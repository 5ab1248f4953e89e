@NullMarked
package dev.firn.embedded;

import org.jspecify.annotations.NullMarked;
